import { expect, test } from 'vitest';
import { SENTENCES as arabic } from './ar.ts';
import { SENTENCES as german } from './de.ts';
import { SENTENCES as english } from './en.ts';
import { SENTENCES as hindi } from './hi.ts';

test.each([
	['German', german, /\p{Script=Latin}/u, /[.!?]$/],
	['Hindi', hindi, /\p{Script=Devanagari}/u, /।$/],
	['Arabic', arabic, /\p{Script=Arabic}/u, /[.؟]$/]
])('%s has a sentence of its own for every problem', (_language, sentences, script, end) => {
	expect(Object.keys(sentences)).toEqual(Object.keys(english));
	for (const [code, sentence] of Object.entries(sentences)) {
		expect(sentence, code).toMatch(script);
		expect(sentence, code).toMatch(end);
		expect(sentence, code).not.toBe(english[code as keyof typeof english]);
	}
});
