import { expect, test } from 'vitest';
import { Marks } from '#tests/support/marks.ts';

test('a value is found in every form, and nothing where there is none', () => {
	const marks = new Marks();
	const value = marks.watch('a password', 'correct horse/ battery?');
	const forms = [
		value,
		encodeURIComponent(value),
		Buffer.from(value).toString('hex'),
		...['', 'a', 'ab', 'abc', 'ann@example.org:'].map((before) =>
			Buffer.from(`${before}${value}:after`).toString('base64')
		),
		Buffer.from(`xx${value}`).toString('base64url')
	];
	for (const form of forms) expect(marks.find(`said ${form} there`)).toHaveLength(1);
	expect(marks.find('said correct horse there')).toEqual([]);
});
