import { expect, test } from 'vitest';
import { versionName } from './version-name.ts';

test('a build without a name is called by when it was made', () => {
	expect(versionName('2026-11-23T02:41:53.529Z')).toMatch(/^of .*2026/);
});

test.each(['1.4.0', 'the-next-one', '2026', 'Z'])('the name %s stays as it is', (name) => {
	expect(versionName(name)).toBe(name);
});
