import type { TransactionKind } from '#contract/documents/transaction.ts';
import { isDay } from '#lib/domain/calendar-day.ts';
import { KINDS } from './entry-table.ts';
import type { EntryFilter } from './select.ts';

/**
 * A filter as the query of an address has it, so that it can be reloaded, kept as a bookmark and sent on:
 * `text=lunch&from=2026-11-01&kind=expense&least=1250`. Amounts are minor units; the order is always the same.
 */
export function toFilterAddress(filter: EntryFilter): string {
	const { text, from, to, fromMinor, toMinor, currency, kind, categoryId, accountId, tag } = filter;
	const parts: Record<string, string | number | undefined> = {
		text: text?.trim() || undefined,
		from,
		to,
		least: fromMinor,
		most: toMinor,
		currency,
		kind,
		category: filter.uncategorised ? 'none' : categoryId,
		account: accountId,
		tag,
		receipt: filter.withReceipt ? 'yes' : undefined
	};
	const params = new URLSearchParams();
	for (const [name, value] of Object.entries(parts)) {
		if (value !== undefined) params.set(name, String(value));
	}
	return params.toString();
}

/** Reads what {@link toFilterAddress} writes. Of an address somebody has changed, what cannot be read is left out. */
export function readFilterAddress(query: string | URLSearchParams): EntryFilter {
	const params = new URLSearchParams(query);
	const filter: EntryFilter = {};
	const take = <T>(
		name: string,
		read: (text: string) => T | undefined,
		put: (value: T) => void
	) => {
		const text = params.get(name);
		const value = text ? read(text) : undefined;
		if (value !== undefined) put(value);
	};
	const same = (text: string): string => text;
	take('text', same, (text) => (filter.text = text));
	take('from', readDay, (day) => (filter.from = day));
	take('to', readDay, (day) => (filter.to = day));
	take('least', readMinor, (minor) => (filter.fromMinor = minor));
	take('most', readMinor, (minor) => (filter.toMinor = minor));
	take('currency', readCurrency, (currency) => (filter.currency = currency));
	take('kind', readKind, (kind) => (filter.kind = kind));
	take('category', same, (id) => {
		if (id === 'none') filter.uncategorised = true;
		else filter.categoryId = id;
	});
	take('account', same, (id) => (filter.accountId = id));
	take('tag', same, (tag) => (filter.tag = tag));
	if (params.get('receipt') === 'yes') filter.withReceipt = true;
	return filter;
}

const readDay = (text: string) => (isDay(text) ? text : undefined);

const readCurrency = (text: string) => (/^[A-Z]{3}$/.test(text) ? text : undefined);

const readKind = (text: string) => KINDS.find((kind): kind is TransactionKind => kind === text);

function readMinor(text: string): number | undefined {
	const minor = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
	return Number.isSafeInteger(minor) ? minor : undefined;
}
