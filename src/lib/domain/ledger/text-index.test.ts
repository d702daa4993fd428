import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextIndex } from './text-index.ts';

test('an id is found in the row that it was put into last, however many came and went', () => {
	const step = fc.record({ id: fc.nat(400).map(String), add: fc.boolean() });
	fc.assert(
		fc.property(fc.array(step, { maxLength: 1500, size: 'max' }), (steps) => {
			const ids: string[] = [];
			const index = new TextIndex(ids);
			const model = new Map<string, number>();
			for (const { id, add } of steps) {
				const row = model.get(id);
				expect(index.find(id)).toBe(row);
				if (add && row === undefined) {
					model.set(id, ids.push(id) - 1);
					index.add(ids.length - 1);
				} else if (!add && row !== undefined) {
					index.remove(row);
					ids[row] = '';
					model.delete(id);
				}
			}
			for (const [id, row] of model) expect(index.find(id)).toBe(row);
		}),
		{ numRuns: 50 }
	);
});

test('an index is made of rows that are there already, free ones aside', () => {
	const index = new TextIndex(['a', '', 'b']);
	expect(['a', 'b', 'c', ''].map((id) => index.find(id))).toEqual([0, 2, undefined, undefined]);
});
