import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Dictionary, NONE } from './dictionary.ts';

test('a text keeps the code that it was given first, the empty one too', () => {
	const text = fc.oneof(fc.constantFrom('', 'tea', 'milk'), fc.string());
	fc.assert(
		fc.property(fc.uniqueArray(text), fc.array(text), (before, after) => {
			const dictionary = new Dictionary(before);
			const codes = new Map(before.map((text, at) => [text, at + 1]));
			for (const text of after) {
				expect(dictionary.find(text)).toBe(codes.get(text));
				const code = dictionary.encode(text);
				expect(code).toBe(codes.get(text) ?? codes.size + 1);
				codes.set(text, code);
			}
			for (const [text, code] of codes) {
				expect([dictionary.find(text), dictionary.decode(code)]).toEqual([code, text]);
			}
			expect([dictionary.encode(null), dictionary.find(null)]).toEqual([NONE, NONE]);
			expect(dictionary.decode(NONE)).toBe(null);
		})
	);
});
