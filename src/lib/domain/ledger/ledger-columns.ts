import type { CalendarDay } from '#contract/documents/calendar.ts';
import { readSnapshotTable, writeSnapshotTable, type ColumnsSnapshot } from './columns-snapshot.ts';
import { toDayNumber } from './day-number.ts';
import type { Entry } from './entry.ts';
import { EntryTable } from './entry-table.ts';
import { TextIndex } from './text-index.ts';
import { RowOrder } from './row-order.ts';

/** Days from `from` to `to`, both included; absent = no bound. */
export interface DayRange {
	from?: CalendarDay;
	to?: CalendarDay;
}

/** Up to so many entries are put into their places one by one; more are sorted and merged. */
const FEW = 16;

/**
 * All entries of a ledger in memory, as columns: sums and searches run over typed arrays, and an
 * {@link Entry} is made only where one is looked at.
 */
export class LedgerColumns {
	/** For the queries of this folder. */
	readonly table: EntryTable;
	readonly #order: RowOrder;
	readonly #free: number[] = [];
	#index: TextIndex | undefined;
	#size: number;

	/** @param live how many rows of the table are not in the trash: they come first, newest first. */
	private constructor(table: EntryTable, live: number) {
		this.table = table;
		this.#size = table.ids.length;
		const order = new Uint32Array(live);
		for (let row = 0; row < live; row++) order[row] = row;
		this.#order = new RowOrder((a, b) => table.compare(a, b), order);
	}

	/** No entries. */
	static empty(): LedgerColumns {
		return new LedgerColumns(new EntryTable(), 0);
	}

	/** The ledger as it was when the snapshot was taken; `undefined` = the snapshot is damaged. */
	static fromSnapshot(snapshot: unknown): LedgerColumns | undefined {
		const read = readSnapshotTable(snapshot);
		return read && new LedgerColumns(read.table, read.live);
	}

	/** Can be structured-cloned. Holds nothing of what was removed. */
	toSnapshot(): ColumnsSnapshot {
		return writeSnapshotTable(this.table, this.order, this.#trashRows());
	}

	/** How many entries there are, those in the trash included. */
	get size(): number {
		return this.#size;
	}

	/** How many entries are not in the trash. */
	get count(): number {
		return this.#order.length;
	}

	/** The rows that are not in the trash, newest first. A view: the next change may spoil it. */
	get order(): Uint32Array {
		return this.#order.rows;
	}

	has(id: string): boolean {
		return this.#rows.find(id) !== undefined;
	}

	/** All ids, those in the trash included, in no order. */
	ids(): Iterable<string> {
		return this.table.ids.filter((id) => id !== '');
	}

	/** An entry, in the trash or not. */
	find(id: string): Entry | undefined {
		const row = this.#rows.find(id);
		return row === undefined ? undefined : this.table.read(row);
	}

	/** The row of an entry, in the trash or not. */
	rowOf(id: string): number | undefined {
		return this.#rows.find(id);
	}

	/** The entry of a row out of {@link order} or of a query. */
	entryAt(row: number): Entry {
		return this.table.read(row);
	}

	/** Entries that are not in the trash, newest first, by their places in that order. */
	slice(from: number, to: number): Entry[] {
		return Array.from(this.order.subarray(from, to), (row) => this.table.read(row));
	}

	/** The entries in the trash, the last deleted first, at most so many. */
	trash(most = Infinity): Entry[] {
		return this.#trashRows()
			.slice(0, most)
			.map((row) => this.table.read(row));
	}

	/** The rows of a range of days, newest first. A view: the next change may spoil it. */
	rowsBetween({ from, to }: DayRange): Uint32Array {
		const start = to === undefined ? 0 : this.#firstUpTo(toDayNumber(to));
		const end = from === undefined ? this.count : this.#firstUpTo(toDayNumber(from) - 1);
		return this.order.subarray(start, Math.max(start, end));
	}

	/** Adds entries, or puts them in the place of those of the same `_id`. */
	put(entries: readonly Entry[]): void {
		if (entries.length <= FEW) {
			for (const entry of entries) this.#putOne(entry);
			return;
		}
		const { deletedAt } = this.table;
		const before = new Set<number>();
		const written = new Set<number>();
		for (const entry of entries) {
			const known = this.#rows.find(entry._id);
			if (known !== undefined && !deletedAt.has(known)) before.add(known);
			const row = known ?? this.#newRow(entry._id);
			written.add(row);
			this.table.write(row, entry);
		}
		this.#order.exchange(
			before,
			[...written].filter((row) => !deletedAt.has(row))
		);
	}

	/** Forgets entries; ids that are not there are passed over. */
	remove(ids: readonly string[]): void {
		const rows = new Set<number>();
		for (const id of ids) {
			const row = this.#rows.find(id);
			if (row !== undefined) rows.add(row);
		}
		if (rows.size > FEW) this.#order.exchange(rows, []);
		for (const row of rows) {
			if (rows.size <= FEW && !this.table.deletedAt.has(row)) this.#order.drop(row);
			this.#rows.remove(row);
			this.table.clear(row);
			this.#free.push(row);
			this.#size -= 1;
		}
	}

	#putOne(entry: Entry): void {
		const { table } = this;
		const known = this.#rows.find(entry._id);
		if (known !== undefined && !table.deletedAt.has(known)) this.#order.drop(known);
		const row = known ?? this.#newRow(entry._id);
		table.write(row, entry);
		if (entry.deletedAt === null) this.#order.add(row);
	}

	#newRow(id: string): number {
		const row = this.#free.pop() ?? this.table.ids.length;
		// Named at once: the next new row is counted from the ids.
		this.table.ids[row] = id;
		this.#rows.add(row);
		this.#size += 1;
		return row;
	}

	/** Where each entry is. A ledger that is only looked at is shown before this has been made. */
	get #rows(): TextIndex {
		return (this.#index ??= new TextIndex(this.table.ids));
	}

	#trashRows(): number[] {
		const { deletedAt } = this.table;
		return [...deletedAt.keys()].sort((a, b) => {
			const [left, right] = [deletedAt.get(a) ?? '', deletedAt.get(b) ?? ''];
			return left < right ? 1 : left > right ? -1 : this.table.compare(a, b);
		});
	}

	/** The first place in the order whose day is not after `day`. */
	#firstUpTo(day: number): number {
		const { order } = this;
		const days = this.table.columns.day;
		let low = 0;
		let high = order.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((days[order[middle] ?? 0] ?? 0) > day) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}
