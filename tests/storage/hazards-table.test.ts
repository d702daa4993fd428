import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

test('every test that the table of hazards names is there', () => {
	const table = readFileSync(join(ROOT, 'docs', 'hazards.md'), 'utf8');
	const lines = [...table.matchAll(/^\|.*\| `([^`]+\.test\.ts)` (.+?)\s*\|$/gm)];
	expect(lines.length).toBeGreaterThan(50);
	const gone = lines.filter(
		([, file = '', name = '']) => !readFileSync(join(ROOT, file), 'utf8').includes(name)
	);
	expect(gone.map(([, file, name]) => `${file}: ${name}`)).toEqual([]);
});
