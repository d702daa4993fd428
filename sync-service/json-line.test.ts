import { expect, test } from 'vitest';
import { findLine } from '#service/json-line.ts';

const TEXT = `{
	"a": [
		{ "b": 1 },
		{ "b": "}, [\\"",
			"c": { "d":
				null } }
	],
	"e": 2
}`;

test.each<[(string | number)[], number]>([
	[[], 1],
	[['a'], 2],
	[['a', 0], 3],
	[['a', 0, 'b'], 3],
	[['a', 1], 4],
	[['a', 1, 'c', 'd'], 5],
	[['a', 1, 'none'], 4],
	[['e'], 8]
])('%j is on line %i', (path, line) => {
	expect(findLine(TEXT, path)).toBe(line);
});
