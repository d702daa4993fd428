import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyEntry } from '#tests/support/any-entry.ts';
import { checksumOf, type ColumnsSnapshot } from './columns-snapshot.ts';
import { LedgerColumns } from './ledger-columns.ts';

const ENTRIES = fc.sample(anyEntry, { numRuns: 200, seed: 7 });

function aSnapshot(): ColumnsSnapshot {
	const columns = LedgerColumns.empty();
	columns.put(ENTRIES);
	return structuredClone(columns.toSnapshot());
}

function toBytes(text: string): Uint8Array {
	return new TextEncoder().encode(text).slice();
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
	const { columns } = aSnapshot();
	for (const [name, column] of Object.entries(columns)) {
		for (const wrong of [column.slice(1), [...column], new Int32Array(column.length), undefined]) {
			const damaged = { ...whole, columns: { ...columns, [name]: wrong } };
			expect([name, isSound(damaged)]).toEqual([name, false]);
		}
	}
});

/** A snapshot that says something else, with a checksum that is right: made by a faulty app, not by damage. */
function withTexts(change: (texts: Record<string, unknown[]>) => void): ColumnsSnapshot {
	const snapshot = aSnapshot();
	const { dictionaries, ...texts } = JSON.parse(new TextDecoder().decode(snapshot.texts));
	const all = { ...dictionaries, ...texts };
	change(all);
	for (const name of Object.keys(texts)) texts[name] = all[name];
	for (const name of Object.keys(dictionaries)) dictionaries[name] = all[name];
	const changed = { ...snapshot, texts: toBytes(JSON.stringify({ ...texts, dictionaries })) };
	return { ...changed, checksum: checksumOf(changed) };
}

test('lists that are too long or too short, and codes outside their dictionary, are noticed', () => {
	expect(isSound(withTexts(() => {}))).toBe(true);
	const names = ['ids', 'deletedAt', 'currency', 'category', 'account', 'payee', 'note', 'device'];
	for (const name of [...names, 'time', 'operation', 'recurringRule', 'tags']) {
		expect([name, isSound(withTexts((texts) => texts[name]!.pop()))]).toEqual([name, false]);
		const missing = withTexts((texts) => Object.assign(texts, { [name]: undefined }));
		expect([name, isSound(missing)]).toEqual([name, false]);
	}
	expect(isSound(withTexts((texts) => texts.ids!.push('transaction:more')))).toBe(false);
	expect(isSound(withTexts((texts) => texts.splits!.push([1_000, []])))).toBe(false);
	expect(isSound(withTexts((texts) => texts.deletedAt!.reverse()))).toBe(false);
	const { checksum: _, ...snapshot } = { ...aSnapshot(), texts: toBytes('no JSON') };
	expect(isSound({ ...snapshot, checksum: checksumOf(snapshot) })).toBe(false);
});

test('a single bit that flipped anywhere is noticed', () => {
	const names = Object.keys(aSnapshot().columns) as (keyof ColumnsSnapshot['columns'])[];
	const flip = fc.record({
		name: fc.constantFrom('texts' as const, ...names),
		at: fc.nat(),
		bit: fc.nat(7)
	});
	fc.assert(
		fc.property(flip, ({ name, at, bit }) => {
			const damaged = aSnapshot();
			const array = name === 'texts' ? damaged.texts : damaged.columns[name];
			const bytes = new Uint8Array(array.buffer, 0, array.byteLength);
			const place = at % bytes.length;
			bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
			expect(isSound(damaged)).toBe(false);
		})
	);
});

/** All texts of a snapshot. */
function textsOf(columns: LedgerColumns): string {
	return new TextDecoder().decode(columns.toSnapshot().texts);
}

test('what was taken out or written over is in no snapshot any more', () => {
	const [entry] = ENTRIES;
	const secret = { ...entry!, _id: 'transaction:hidden', payee: 'Dr Secret', note: 'a secret' };
	const columns = LedgerColumns.empty();
	columns.put([...ENTRIES, secret]);
	expect(textsOf(columns)).toMatch(/secret/i);
	columns.remove([secret._id]);
	expect(textsOf(columns)).not.toMatch(/secret/i);
	columns.put([secret]);
	expect(textsOf(columns)).toMatch(/secret/i);
	columns.put([{ ...secret, payee: '', note: '' }]);
	expect(textsOf(columns)).not.toMatch(/secret/i);
});

test('texts that are no well-formed Unicode come back as they were', () => {
	const columns = LedgerColumns.empty();
	const note = 'half a \ud83d face\n"\\';
	columns.put([{ ...ENTRIES[0]!, note }]);
	const again = LedgerColumns.fromSnapshot(structuredClone(columns.toSnapshot()));
	expect(again?.find(ENTRIES[0]!._id)?.note).toBe(note);
});
