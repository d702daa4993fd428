import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIRST_LANGUAGE, type Language } from '../../src/contract/language.ts';

/** Where the text is: a folder a language, a file an area. */
export const CATALOGUE = join(import.meta.dirname, '../../src/messages');

/** One message with variants, as the message format has it. */
export interface Variants {
	/** `input count`, `local countPlural = count: plural`. */
	declarations: string[];
	selectors: string[];
	/** A text for each `countPlural=one`. */
	match: Record<string, string>;
}

export type Message = string | [Variants];

export interface Area {
	/** The name of its file, and what its keys begin with. */
	name: string;
	messages: Record<string, Message>;
}

/** The areas of a language, in the order of their names. */
export function readAreas(language: Language): Area[] {
	const folder = join(CATALOGUE, language);
	return readdirSync(folder)
		.filter((file) => file.endsWith('.json'))
		.sort()
		.map((file) => ({
			name: file.slice(0, -'.json'.length),
			messages: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Area['messages']
		}));
}

/** Every text of a message: one, or one a variant. */
export function textsOf(message: Message): string[] {
	return typeof message === 'string' ? [message] : Object.values(message[0].match);
}

/** What a message has to be given, in the order of the names, and which of it is a number. */
export function inputsOf(message: Message): Map<string, 'number' | 'text'> {
	const inputs = new Map<string, 'number' | 'text'>();
	for (const text of textsOf(message)) {
		for (const [, name] of text.matchAll(/(?<!\\)\{(\w+)\}/g)) inputs.set(name as string, 'text');
	}
	const declarations = typeof message === 'string' ? [] : message[0].declarations;
	for (const declaration of declarations) {
		const [, input] = /^input (\w+)$/.exec(declaration) ?? [];
		if (input && !inputs.has(input)) inputs.set(input, 'text');
		const [, local, of] = /^local (\w+) = (\w+): (?:plural|number)$/.exec(declaration) ?? [];
		if (local && of) {
			inputs.delete(local);
			inputs.set(of, 'number');
		}
	}
	return new Map([...inputs].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The texts of a language that take no inputs, by key; what it lacks is in the first language. */
export function textsWithoutInputs(language: Language): Map<string, string> {
	const texts = new Map<string, string>();
	for (const code of [FIRST_LANGUAGE, language]) {
		for (const [key, message] of readAreas(code).flatMap(({ messages }) =>
			Object.entries(messages)
		)) {
			if (typeof message !== 'string' || inputsOf(message).size > 0) continue;
			texts.set(key, message.replaceAll(/\\([{}])/g, '$1'));
		}
	}
	return texts;
}
