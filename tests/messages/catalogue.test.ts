import { expect, test } from 'vitest';
import { FIRST_LANGUAGE, LANGUAGE_CODES, LANGUAGES, type Language } from '#contract/language.ts';
import { inputsOf, type Message, readAreas, textsOf } from '../../deploy/messages/catalogue.ts';
import { SAME_AS_ENGLISH } from './same-as-english.ts';

const OTHERS = LANGUAGE_CODES.filter((language) => language !== FIRST_LANGUAGE);

const SCRIPTS: Record<Language, RegExp> = {
	en: /\p{Script=Latin}/u,
	de: /\p{Script=Latin}/u,
	hi: /\p{Script=Devanagari}/u,
	ar: /\p{Script=Arabic}/u
};

/** How a sentence ends, where the English one ends with a full stop. */
const ENDS: Record<Language, RegExp> = { en: /[.]$/, de: /[.!?]$/, hi: /[।!?]$/, ar: /[.!؟]$/ };

const messagesOf = (language: Language): Map<string, Message> =>
	new Map(readAreas(language).flatMap(({ messages }) => Object.entries(messages)));

const english = messagesOf(FIRST_LANGUAGE);

const plurals = (message: Message): string[] | undefined =>
	typeof message === 'string'
		? undefined
		: Object.keys(message[0].match).map((variant) => variant.replace(/^plural=/, ''));

test.each(LANGUAGE_CODES)(
	'every key of %s says in which file it is, and they are sorted',
	(language) => {
		for (const { name, messages } of readAreas(language)) {
			const keys = Object.keys(messages);
			expect(keys, `${language}/${name}.json`).toEqual(keys.toSorted());
			for (const key of keys) expect(key).toMatch(new RegExp(`^${name}_[a-z0-9_]+$`));
		}
	}
);

test.each(OTHERS)(
	'%s has every message that English has, with the same inputs, and no other',
	(language) => {
		const messages = messagesOf(language);
		expect([...messages.keys()].toSorted()).toEqual([...english.keys()].toSorted());
		for (const [key, message] of messages) {
			const first = english.get(key);
			expect([...inputsOf(message)], key).toEqual(first && [...inputsOf(first)]);
		}
	}
);

test.each(OTHERS)('nothing of %s was left in English', (language) => {
	const allowed = new Set<string>(SAME_AS_ENGLISH[language]);
	for (const [key, message] of messagesOf(language)) {
		const first = english.get(key);
		const isSame = JSON.stringify(textsOf(message)) === JSON.stringify(first && textsOf(first));
		expect(isSame, `${key} is as in English`).toBe(allowed.has(key));
	}
});

test.each(LANGUAGE_CODES)('%s is written in its script, and its sentences end', (language) => {
	for (const [key, message] of messagesOf(language)) {
		const firsts = textsOf(english.get(key) ?? '');
		for (const text of textsOf(message)) {
			expect(text.trim(), key).toBe(text);
			expect(text, key).not.toMatch(/ {2}|\n/);
			if (
				/\p{L}/u.test(text.replaceAll(/\{\w+\}/g, '')) &&
				!SAME_AS_ENGLISH[language].includes(key)
			) {
				expect(text, key).toMatch(SCRIPTS[language]);
			}
			if (firsts.every((first) => first.endsWith('.'))) expect(text, key).toMatch(ENDS[language]);
		}
	}
});

test.each(LANGUAGE_CODES)(
	'a message of %s that counts has all plurals of the language',
	(language) => {
		const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
		// Fractions and millions aside: entries are whole, and "other" says them.
		const wanted = needed.map((category) => (category === 'other' ? '*' : category)).toSorted();
		for (const [key, message] of messagesOf(language)) {
			const has = plurals(message);
			if (has) expect(has.toSorted(), key).toEqual(wanted);
		}
	}
);

test('each language is called by its own name', () => {
	for (const language of LANGUAGE_CODES) {
		expect(new Intl.DisplayNames(language, { type: 'language' }).of(language)).toBe(
			LANGUAGES[language].name
		);
	}
});
