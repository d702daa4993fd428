/**
 * What the proof knows about documents, written down a second time on purpose: a model that asked the
 * code under test would agree with whatever it does.
 */

export type Fields = Record<string, unknown>;

/** How many past values a group of fields keeps. */
export const HISTORY = 10;

/** Fields that win or lose together, by the kind of document; any other field stands alone. */
const TOGETHER: Record<string, string[][]> = {
	transaction: [
		['kind', 'toAccountId'],
		['amountMinor', 'currency', 'toAmountMinor', 'toCurrency', 'splits'],
		['spentOn', 'spentTime'],
		['recurringRuleId', 'dueOn']
	],
	account: [['openingMinor', 'currency']]
};

const ABOUT_THE_DOCUMENT = new Set([
	'type',
	'version',
	'purged',
	'stamps',
	'history',
	'origins',
	'restored',
	'erased',
	// What a restore brings along stands for the other fields, and is looked at as such.
	'kept'
]);

/** The facts of a document, without what is about the document itself. */
export function factsOf(body: Fields): Fields {
	return Object.fromEntries(
		Object.entries(body).filter(
			([field]) => !field.startsWith('_') && !ABOUT_THE_DOCUMENT.has(field)
		)
	);
}

/** The name of the group that a field belongs to. */
export function groupFor(type: string, field: string): string {
	return TOGETHER[type]?.find((fields) => fields.includes(field))?.[0] ?? field;
}

/** Facts by group. */
export function byGroup(type: string, facts: Fields): Map<string, Fields> {
	const groups = new Map<string, Fields>();
	for (const [field, value] of Object.entries(facts)) {
		const group = groupFor(type, field);
		groups.set(group, { ...groups.get(group), [field]: value });
	}
	return groups;
}

/** One text for equal values. */
export function textOf(value: unknown): string {
	return JSON.stringify(value, (_key, part: unknown) =>
		part !== null && typeof part === 'object' && !Array.isArray(part)
			? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
			: part
	);
}

/** A value of the history, as documents hold it. */
export type Past = {
	field: string;
	value: Fields;
	stamp: string;
	origin?: string;
};

/** The shape of any document of a ledger, as far as the proof reads it. */
export interface Read {
	type: string;
	facts: Fields;
	stamps: Record<string, string>;
	origins: Record<string, string>;
	history: Past[];
	purged: string | undefined;
	restored: string | undefined;
	erased: Record<string, string>;
	kept: Fields | undefined;
	deletedAt: string | null;
}

export function read(body: Fields): Read {
	return {
		type: body.type as string,
		facts: factsOf(body),
		stamps: body.stamps as Record<string, string>,
		origins: (body.origins ?? {}) as Record<string, string>,
		history: (body.history ?? []) as Past[],
		purged: body.purged as string | undefined,
		restored: body.restored as string | undefined,
		erased: (body.erased ?? {}) as Record<string, string>,
		kept: body.kept as Fields | undefined,
		deletedAt: (body.deletedAt ?? null) as string | null
	};
}
