import type { Plugin } from 'vite';
import { FIRST_LANGUAGE, LANGUAGE_CODES } from '../../src/contract/language.ts';
import { textsWithoutInputs } from './catalogue.ts';
import { compileMessages, moduleOf } from './compile-messages.ts';
import { inlineMessages } from './inline-messages.ts';

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
		transform(code, id) {
			const path = id.split('?')[0] ?? id;
			if (id !== path || !/\.(svelte|ts)$/.test(path) || !code.includes("'#messages'"))
				return undefined;
			return { code: inlineMessages(code, path, texts), map: null };
		}
	};
}
