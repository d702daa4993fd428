import type { TransactionKind } from '#contract/documents/transaction.ts';
import { NONE } from './dictionary.ts';
import { KINDS } from './entry-table.ts';
import type { LedgerColumns } from './ledger-columns.ts';

/** How many of the latest entries say what this person does. */
const LATEST = 600;
/** An entry counts half as much as one that is so many entries younger. */
const HALF_LIFE = 120;
/** Entries at most so many minutes from the time of day in question are "at this hour". */
const NEAR_MINUTES = 90;
/** What an entry of another payee, or of another hour, still counts. */
const OTHER_PAYEE = 0.05;
const OTHER_HOUR = 0.4;

const DAY_MINUTES = 24 * 60;
const MINUTE_MS = 60_000;

/** What is known of an entry that is being typed. */
export interface Moment {
	kind: TransactionKind;
	/** As it is typed; `''` = none yet. */
	payee: string;
	/** Minutes since midnight, on the wall. */
	minute: number;
	/** How far the wall clock is ahead of UTC, in minutes: when an entry was typed is known in UTC. */
	offset: number;
}

/** How a category has been used, and why it comes where it comes. */
export interface CategoryHabit {
	/** Orders the categories: the larger, the earlier. Means nothing by itself. */
	weight: number;
	/** How many of the latest entries were in it … */
	uses: number;
	/** … of those with this payee … */
	withPayee: number;
	/** … and of those about this time of day. */
	atThisHour: number;
}

/**
 * How each category was used of late for a kind of entry, by this payee and at this time of day above all.
 * Learned from what is on the device and from nothing else; split entries say nothing.
 */
export function categoryHabits(
	columns: LedgerColumns,
	{ kind, payee, minute, offset }: Moment
): ReadonlyMap<string, CategoryHabit> {
	const { columns: column, dictionaries } = columns.table;
	const wantedKind = KINDS.indexOf(kind);
	const wantedPayee = payee === '' ? undefined : dictionaries.payee.find(payee);
	const habits = new Map<string, CategoryHabit>();
	const rows = columns.order.subarray(0, LATEST);
	for (const [age, row] of rows.entries()) {
		const id = dictionaries.category.decode(column.category[row] ?? NONE);
		if (column.kind[row] !== wantedKind || id === null) continue;
		const isPayee = wantedPayee !== undefined && column.payee[row] === wantedPayee;
		const typedAt = minuteOf(columns, row, offset);
		const isNear = typedAt !== undefined && minutesApart(typedAt, minute) <= NEAR_MINUTES;
		const habit = habits.get(id) ?? { weight: 0, uses: 0, withPayee: 0, atThisHour: 0 };
		habits.set(id, habit);
		habit.uses += 1;
		if (isPayee) habit.withPayee += 1;
		if (isNear) habit.atThisHour += 1;
		const byPayee = wantedPayee === undefined || isPayee ? 1 : OTHER_PAYEE;
		habit.weight += 2 ** (-age / HALF_LIFE) * byPayee * (isNear ? 1 : OTHER_HOUR);
	}
	return habits;
}

/** The time of day of an entry, in minutes; of one without, when it was typed. `undefined` = not known. */
function minuteOf({ table }: LedgerColumns, row: number, offset: number): number | undefined {
	const { time, operation, madeMs } = table.columns;
	const text = table.dictionaries.time.decode(time[row] ?? NONE);
	if (text !== null) return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
	const typedMs = madeMs[row] ?? -1;
	// An import was made at one time of day, whatever is in it.
	if (typedMs <= 0 || (operation[row] ?? NONE) !== NONE) return undefined;
	const minutes = Math.floor(typedMs / MINUTE_MS) + offset;
	return ((minutes % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
}

/** Across midnight too. */
function minutesApart(a: number, b: number): number {
	const apart = Math.abs(a - b);
	return Math.min(apart, DAY_MINUTES - apart);
}
