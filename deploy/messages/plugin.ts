import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';
import { FIRST_LANGUAGE, LANGUAGE_CODES } from '../../src/contract/language.ts';
import { textsWithoutInputs } from './catalogue.ts';
import { compileMessages, moduleOf } from './compile-messages.ts';
import { inlineMessages, ONE_MESSAGE } from './inline-messages.ts';

/** The language of this build: `OUTLAY_LANGUAGE`, or the first one. */
function readLanguage(): (typeof LANGUAGE_CODES)[number] {
	const wanted = process.env.OUTLAY_LANGUAGE ?? FIRST_LANGUAGE;
	const language = LANGUAGE_CODES.find((code) => code === wanted);
	if (!language) {
		throw new Error(`OUTLAY_LANGUAGE is ${wanted}: it may be ${LANGUAGE_CODES.join(', ')}.`);
	}
	return language;
}

/** `#messages` is the text of the build's language. */
export function messages(): Plugin {
	const language = readLanguage();
	return {
		name: 'messages',
		enforce: 'pre',
		config: () => compileMessages(),
		resolveId: (id) => (id === '#messages' ? moduleOf(language) : undefined),
		configureServer({ watcher }) {
			watcher.on('change', (path) => {
				if (/\/src\/messages\/.*\.json$/.test(path)) void compileMessages();
			});
		}
	};
}

/** A text without inputs stands where it is used, as if it had been written there: a function would cost bytes. */
export function messagesInPlace(): Plugin {
	const language = readLanguage();
	const texts = textsWithoutInputs(language);
	return {
		name: 'messages-in-place',
		apply: 'build',
		enforce: 'pre',
		resolveId: (id) => (id.startsWith(ONE_MESSAGE) ? `\0${id}` : undefined),
		load(id) {
			if (!id.startsWith(`\0${ONE_MESSAGE}`)) return undefined;
			const path = moduleOf(language);
			return oneMessage(id.slice(ONE_MESSAGE.length + 1), readFileSync(path, 'utf8'), path);
		},
		transform(code, id) {
			const path = id.split('?')[0] ?? id;
			if (id !== path || !/\.(svelte|ts)$/.test(path) || !code.includes("'#messages'"))
				return undefined;
			return { code: inlineMessages(code, path, texts), map: null };
		}
	};
}

/** Takes one message out of the module of a language. */
function oneMessage(key: string, code: string, path: string): string {
	const [found] = new RegExp(`^export const ${key} = [^]*?^};$`, 'm').exec(code) ?? [];
	if (found === undefined) throw new Error(`${path} has no ${key}.`);
	// The compiler guards against inputs that the types forbid to be left out.
	const message = found
		.replaceAll('i?.', 'i.')
		.replaceAll(/registry\.(\w+)\((.*), \{\}\)/g, '/* @__PURE__ */ registry.$1($2)');
	const registry = join(dirname(path), '../registry.js');
	return `import * as registry from ${JSON.stringify(registry)};\n${message}`;
}
