import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyEntry } from '#tests/support/any-entry.ts';
import type { ColumnsSnapshot } from './columns-snapshot.ts';
import { LedgerColumns } from './ledger-columns.ts';

const ENTRIES = fc.sample(anyEntry, { numRuns: 200, seed: 7 });

function aSnapshot(): ColumnsSnapshot {
	const columns = LedgerColumns.empty();
	columns.put(ENTRIES);
	return structuredClone(columns.toSnapshot());
}

function isSound(snapshot: unknown): boolean {
	return LedgerColumns.fromSnapshot(snapshot) !== undefined;
}

test('a sound snapshot is taken; what is none is not', () => {
	expect(isSound(aSnapshot())).toBe(true);
	for (const other of [undefined, null, 7, 'text', [], {}, { format: 1 }]) {
		expect(isSound(other)).toBe(false);
	}
	expect(isSound({ ...aSnapshot(), format: 0 })).toBe(false);
});

test('a snapshot that lacks any of its parts, or has one too long or too short, is damaged', () => {
	const whole = aSnapshot() as unknown as Record<string, unknown>;
	for (const part of Object.keys(whole)) {
		expect([part, isSound({ ...whole, [part]: undefined })]).toEqual([part, false]);
	}
	const { columns, dictionaries } = aSnapshot();
	for (const [name, column] of Object.entries(columns)) {
		for (const wrong of [column.slice(1), [...column], new Int32Array(column.length), undefined]) {
			const damaged = { ...whole, columns: { ...columns, [name]: wrong } };
			expect([name, isSound(damaged)]).toEqual([name, false]);
		}
	}
	for (const [name, texts] of Object.entries(dictionaries)) {
		for (const wrong of [
			texts.slice(1),
			[...texts, 'more'],
			texts.map(() => texts[0]),
			undefined
		]) {
			if (texts.length < 2 && wrong?.length === texts.length) continue;
			const damaged = { ...whole, dictionaries: { ...dictionaries, [name]: wrong } };
			expect([name, isSound(damaged)]).toEqual([name, false]);
		}
	}
});

test('a single bit that flipped anywhere in the columns is noticed', () => {
	const names = Object.keys(aSnapshot().columns) as (keyof ColumnsSnapshot['columns'])[];
	const flip = fc.record({ name: fc.constantFrom(...names), at: fc.nat(), bit: fc.nat(7) });
	fc.assert(
		fc.property(flip, ({ name, at, bit }) => {
			const damaged = aSnapshot();
			const bytes = new Uint8Array(damaged.columns[name].buffer);
			const place = at % bytes.length;
			bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
			expect(isSound(damaged)).toBe(false);
		})
	);
});

test('a text that changed is noticed', () => {
	const damaged = aSnapshot();
	damaged.dictionaries.note[0] += '.';
	expect(isSound(damaged)).toBe(false);
	const swapped = aSnapshot();
	swapped.ids.reverse();
	expect(isSound(swapped)).toBe(false);
});

test('what was taken out or written over is in no snapshot any more', () => {
	const [entry] = ENTRIES;
	const secret = { ...entry!, _id: 'transaction:secret', payee: 'Dr Secret', note: 'a secret' };
	const columns = LedgerColumns.empty();
	columns.put([...ENTRIES, secret]);
	expect(JSON.stringify(columns.toSnapshot())).toMatch(/secret/i);
	columns.remove(['transaction:secret']);
	expect(JSON.stringify(columns.toSnapshot())).not.toMatch(/secret/i);
	columns.put([secret]);
	columns.put([{ ...secret, _id: 'transaction:0', payee: '', note: '' }]);
	columns.put([{ ...entry!, _id: 'transaction:secret' }]);
	expect(JSON.stringify(columns.toSnapshot().dictionaries)).not.toMatch(/secret/i);
});
