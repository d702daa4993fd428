/** Splits add up to the amount, and both sides of a transfer are one exchange. */
export const MONEY_FIELDS: readonly string[] = [
	'amountMinor',
	'currency',
	'toAmountMinor',
	'toCurrency',
	'splits'
];

/**
 * Fields that belong together share one stamp and win or lose as one: half an edit would be worse than
 * either. A group is named by its first field; a field in no group is a group of its own.
 */
const GROUPS: Readonly<Record<string, readonly (readonly string[])[]>> = {
	transaction: [
		['kind', 'toAccountId'],
		MONEY_FIELDS,
		['spentOn', 'spentTime'],
		['recurringRuleId', 'dueOn']
	],
	'recurring-rule': [['kind', 'toAccountId'], MONEY_FIELDS, ['startsOn', 'unit', 'interval']],
	rule: [
		['payee', 'match'],
		['fromMinor', 'toMinor', 'currency']
	],
	budget: [['amountMinor', 'currency']],
	account: [['openingMinor', 'currency']]
};

/** Groups of every type: a restore brings all fields along, see `merge.ts`. */
const COMMON: readonly (readonly string[])[] = [['deletedAt', 'kept']];

/** What names or describes a document and is never edited. Names with `_` are the database's own. */
const UNEDITED = new Set([
	'type',
	'version',
	'purged',
	'stamps',
	'origins',
	'restored',
	'erased',
	'history'
]);

/** Whether a field of a document is an editable one, with a stamp. */
export function isEditable(field: string): boolean {
	return !field.startsWith('_') && !UNEDITED.has(field);
}

/** The name of the group that a field belongs to. */
export function groupOf(type: string, field: string): string {
	return groupsOf(type).find((group) => group.includes(field))?.[0] ?? field;
}

/** The fields of a group, itself included. */
export function fieldsOf(type: string, group: string): readonly string[] {
	return groupsOf(type).find(([name]) => name === group) ?? [group];
}

function groupsOf(type: string): readonly (readonly string[])[] {
	return Object.hasOwn(GROUPS, type) ? [...(GROUPS[type] ?? []), ...COMMON] : COMMON;
}
