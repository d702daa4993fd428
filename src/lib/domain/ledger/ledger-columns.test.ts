import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyEntry } from '#tests/support/any-entry.ts';
import type { Entry } from './entry.ts';
import { LedgerColumns } from './ledger-columns.ts';

/** As `compareNewestFirst` in `domain/report.ts` has it, of entries. */
function newestFirst(a: Entry, b: Entry): number {
	const keys = ({ spentOn, spentTime, madeAt, _id }: Entry) => [
		spentOn,
		spentTime ?? '',
		madeAt,
		_id
	];
	const [left, right] = [keys(a), keys(b)];
	const at = left.findIndex((key, place) => key !== right[place]);
	return at < 0 ? 0 : left[at]! < right[at]! ? 1 : -1;
}

/** A ledger as a map, which is right because there is nothing to it. */
function expectSame(columns: LedgerColumns, model: ReadonlyMap<string, Entry>): void {
	const live = [...model.values()].filter(({ deletedAt }) => deletedAt === null).sort(newestFirst);
	const trash = [...model.values()]
		.filter(({ deletedAt }) => deletedAt !== null)
		.sort((a, b) =>
			a.deletedAt! < b.deletedAt! ? 1 : a.deletedAt! > b.deletedAt! ? -1 : newestFirst(a, b)
		);
	expect(columns.slice(0, Infinity)).toEqual(live);
	expect(columns.trash()).toEqual(trash);
	expect([columns.size, columns.count]).toEqual([model.size, live.length]);
	expect([...columns.ids()].sort()).toEqual([...model.keys()].sort());
	for (const [id, entry] of model) expect(columns.find(id)).toEqual(entry);
	expect([...columns.order].map((row) => columns.entryAt(row)._id)).toEqual(
		live.map(({ _id }) => _id)
	);
}

const step = fc.oneof(
	{ weight: 3, arbitrary: fc.array(anyEntry, { maxLength: 4 }).map((put) => ({ put })) },
	{
		weight: 2,
		arbitrary: fc.array(anyEntry, { minLength: 17, maxLength: 60 }).map((put) => ({ put }))
	},
	{
		weight: 2,
		arbitrary: fc
			.uniqueArray(fc.integer({ min: 0, max: 70 }), { maxLength: 60, size: 'max' })
			.map((numbers) => ({ remove: numbers.map((number) => `transaction:${number}`) }))
	}
);

test('after any puts and removals the columns hold what a map would, in the order of a sort', () => {
	fc.assert(
		fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
			const columns = LedgerColumns.empty();
			const model = new Map<string, Entry>();
			for (const change of steps) {
				if ('put' in change) {
					columns.put(change.put);
					for (const entry of change.put) model.set(entry._id, entry);
				} else {
					columns.remove(change.remove);
					for (const id of change.remove) model.delete(id);
				}
				expectSame(columns, model);
			}
			const again = LedgerColumns.fromSnapshot(structuredClone(columns.toSnapshot()));
			expectSame(again!, model);
		}),
		{ numRuns: 60 }
	);
});

test('columns out of a snapshot can be written to like any others', () => {
	fc.assert(
		fc.property(fc.array(anyEntry), fc.array(anyEntry), (before, after) => {
			const columns = LedgerColumns.empty();
			columns.put(before);
			const again = LedgerColumns.fromSnapshot(structuredClone(columns.toSnapshot()))!;
			again.put(after);
			const model = new Map([...before, ...after].map((entry) => [entry._id, entry]));
			expectSame(again, model);
		}),
		{ numRuns: 60 }
	);
});
