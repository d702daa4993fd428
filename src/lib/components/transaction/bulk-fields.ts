import type { Account } from '#contract/documents/account.ts';
import type { Category } from '#contract/documents/category.ts';
import { isDay } from '#lib/domain/calendar-day.ts';
import { readTags, tagField } from '#lib/domain/ledger/marks.ts';
import * as m from '#messages';

/** What of many entries can be changed at once. */
export type BulkField = 'category' | 'account' | 'tags' | 'date';

/** What the form for it holds. */
export interface BulkDraft {
	/** Empty = no category. */
	categoryId: string;
	accountId: string;
	/** As it was typed: with commas in between. */
	tags: string;
	/** Tags to take off. */
	without: readonly string[];
	date: string;
}

/** What an edit of many entries sets, and what people call it. */
export interface BulkChanges {
	changes: Record<string, string | boolean | null>;
	label: string;
}

/** The fields that an edit of this sets, as far as it matters to whom it is for. */
export function fieldsOf(field: BulkField): string[] {
	return { category: ['categoryId'], account: ['accountId'], tags: [], date: ['spentOn'] }[field];
}

/** What a form asks for; `undefined` = nothing yet. */
export function readBulkDraft(
	field: BulkField,
	draft: BulkDraft,
	categories: readonly Category[],
	accounts: readonly Account[]
): BulkChanges | undefined {
	switch (field) {
		case 'category': {
			const name = categories.find(({ _id }) => _id === draft.categoryId)?.name;
			return {
				changes: { categoryId: draft.categoryId || null },
				label: name ?? m.common_no_category()
			};
		}
		case 'account': {
			const account = accounts.find(({ _id }) => _id === draft.accountId);
			return account && { changes: { accountId: account._id }, label: account.name };
		}
		case 'tags': {
			const added = readTags(draft.tags);
			const removed = draft.without.filter((tag) => !added.includes(tag));
			if (added.length + removed.length === 0) return undefined;
			return {
				changes: Object.fromEntries([
					...removed.map((tag) => [tagField(tag), false] as const),
					...added.map((tag) => [tagField(tag), true] as const)
				]),
				label: [...added.map((tag) => `+#${tag}`), ...removed.map((tag) => `−#${tag}`)].join(' ')
			};
		}
		case 'date':
			return isDay(draft.date)
				? { changes: { spentOn: draft.date }, label: draft.date }
				: undefined;
	}
}
