import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Dictionary } from './dictionary.ts';
import { fold } from './fold.ts';
import { FoldedTexts } from './folded-texts.ts';

const text = fc.oneof(
	fc.constantFrom('', 'Tea', 'a\nb', '\n', '\u0301e', 'É', 'ΣΑΣ', 'İ', 'ẞ', '\ud83d'),
	fc.string({ unit: 'grapheme' })
);

test('a word is held by the texts that hold it one by one, in whatever pieces they were taken in', () => {
	fc.assert(
		fc.property(
			fc.uniqueArray(text),
			fc.uniqueArray(text),
			fc.integer({ min: 1, max: 5 }),
			text,
			(before, after, most, query) => {
				const word = fold(query).split(/\s+/).find(Boolean) ?? 'a';
				const dictionary = new Dictionary(before);
				const folded = new FoldedTexts(dictionary);
				while (!folded.catchUp(most));
				for (const text of after) dictionary.encode(text);
				const expected = dictionary.texts.map((text) => (fold(text).includes(word) ? 1 : 0));
				expect([...folded.holding(word)]).toEqual(expected);
			}
		),
		{ numRuns: 500 }
	);
});
