import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChangesRows, type ChangeRow } from './changes-rows.ts';

const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('"', '\\\\"', '}],"', '[{'));
const row = fc.record({
	seq: fc.oneof(fc.string(), fc.integer(), fc.tuple(fc.integer(), fc.string())),
	id: text,
	changes: fc.array(fc.record({ rev: fc.string() }), { maxLength: 3 }),
	doc: fc.option(fc.dictionary(text, fc.jsonValue({ maxDepth: 2 })))
}) as fc.Arbitrary<ChangeRow>;

/** The ways in which a store may write its list. */
const shapes: ((rows: ChangeRow[]) => string)[] = [
	(rows) =>
		`{"results":[\n${rows.map((one) => JSON.stringify(one)).join(',\n')}\n],\n"last_seq":"9-x","pending":0}\n`,
	(rows) => JSON.stringify({ results: rows, last_seq: '9-x', pending: 0 }),
	(rows) => JSON.stringify({ last_seq: '9-x', pending: 0, results: rows }, null, 2)
];

function read(whole: string, size: number): { rows: ChangeRow[]; last: unknown } {
	const changes = new ChangesRows();
	const rows: ChangeRow[] = [];
	for (let at = 0; at < whole.length; at += size) {
		rows.push(...changes.take(whole.slice(at, at + size)));
	}
	return { rows, last: changes.finish() };
}

test('whatever the shape of the list and wherever it is cut into pieces, its rows come out', () => {
	fc.assert(
		fc.property(
			fc.array(row, { maxLength: 5 }),
			fc.constantFrom(...shapes),
			fc.integer({ min: 1, max: 60 }),
			(rows, shape, size) => {
				const whole = shape(rows);
				const { results } = JSON.parse(whole) as { results: ChangeRow[] };
				expect(read(whole, size)).toEqual({ rows: results, last: '9-x' });
			}
		)
	);
});

test('a list that breaks off anywhere is noticed', () => {
	const rows = [{ seq: '1-x', id: 'a', changes: [{ rev: '1-a' }] }];
	const whole = JSON.stringify({ results: rows, last_seq: '1-x' });
	for (let length = 0; length < whole.length; length++) {
		expect(() => read(whole.slice(0, length), 10)).toThrow('broke off');
	}
	expect(() => read('{"results":[]}', 10)).toThrow('no end');
});
