import type { Category } from '#contract/documents/category.ts';
import type { Rule } from '#contract/documents/rule.ts';
import { parseAmount, toInputText } from './amount-text.ts';
import type { TransactionDraft } from './draft.ts';
import type { Entry } from './ledger/entry.ts';
import { lastOfPayee } from './ledger/habits.ts';
import type { LedgerColumns } from './ledger/ledger-columns.ts';
import { applyRules } from './rule.ts';

/** What of a form is filled in by its payee. */
type Fields = Pick<TransactionDraft, 'amount' | 'categoryId' | 'tags'>;

/** What was filled in and not typed: it goes again when the payee does. */
export type FilledIn = Partial<Fields> & {
	/** Where the category is from. */
	by?: 'rule' | 'last';
};

/** What is known of payees. */
interface Memory {
	rules: readonly Rule[];
	columns: LedgerColumns;
	category(id: string): Category | undefined;
}

/**
 * What a form's payee fills in: the category and tags of the person's rules, else the category of the last
 * entry with this payee, and its amount where that was in the same currency. Nothing that was typed or chosen is
 * replaced; what an earlier payee had filled in is.
 */
export function fillIn(
	draft: TransactionDraft,
	before: FilledIn,
	memory: Memory,
	locale?: string
): { fields: Fields; filled: FilledIn } {
	const typed = withoutFilled(draft, before);
	const { kind, payee, currency, splits } = draft;
	if (payee.trim() === '') return { fields: typed, filled: {} };
	const last = lastOfPayee(memory.columns, payee, kind);
	const isWhole = kind !== 'transfer' && splits.length === 0;
	const amount = typed.amount || (isWhole ? lastAmount(last, currency, locale) : '');
	const reading = parseAmount(amount, currency, locale);
	const effect = applyRules(memory.rules, {
		...{ kind, payee, currency },
		amountMinor: reading.ok ? reading.amountMinor : NaN
	});
	const known = [effect?.categoryId, last?.categoryId].find((id) => id && memory.category(id));
	const isUntagged = typed.tags.length === 0 && draft.tagText === '';
	const fields = {
		amount,
		categoryId: typed.categoryId ?? (isWhole ? (known ?? null) : null),
		tags: effect?.tags.length && isUntagged ? [...effect.tags] : typed.tags
	};
	return {
		fields,
		filled: {
			...(fields.amount !== typed.amount && { amount: fields.amount }),
			...(fields.categoryId !== typed.categoryId && {
				categoryId: fields.categoryId,
				by: fields.categoryId === effect?.categoryId ? ('rule' as const) : ('last' as const)
			}),
			...(fields.tags !== typed.tags && { tags: fields.tags })
		}
	};
}

function withoutFilled({ amount, categoryId, tags }: TransactionDraft, before: FilledIn): Fields {
	return {
		amount: amount === before.amount ? '' : amount,
		categoryId: categoryId === before.categoryId ? null : categoryId,
		tags: before.tags && tags.join() === before.tags.join() ? [] : tags
	};
}

function lastAmount(last: Entry | undefined, currency: string, locale?: string): string {
	if (last === undefined || last.currency !== currency || last.splits.length > 0) return '';
	return toInputText(last.amountMinor, currency, locale);
}
