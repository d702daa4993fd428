import type { InlangPlugin } from '@inlang/sdk';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
	FIRST_LANGUAGE,
	LANGUAGE_CODES,
	LANGUAGES,
	type Language
} from '../../src/contract/language.ts';
import { type Area, inputsOf, type Message, readAreas, textsOf } from './catalogue.ts';

const ROOT = join(import.meta.dirname, '../..');
const OUT = join(ROOT, '.svelte-kit/messages');
const STAMP = join(OUT, 'stamp');

/** In place of the compiler's, which needs an entry for what nobody uses and writes numbers in the first region. */
const REGISTRY = `export const plural = (language, number) => new Intl.PluralRules(language).select(number);
export const number = (_language, number) => new Intl.NumberFormat().format(number);
`;

/** Whoever changes what is written changes this too. */
const VERSION = 2;

/** The module with the text of one language; `#messages` in `package.json` is that of the first one. */
export function moduleOf(language: Language): string {
	return join(OUT, 'messages', `${language}.js`);
}

/**
 * Compiles the catalogue to one module a language, with its types, unless it is as it was. Of what the compiler
 * writes, the choice between languages is left out: a language is a build.
 */
export async function compileMessages(): Promise<void> {
	const catalogue = LANGUAGE_CODES.map((language) => ({ language, areas: readAreas(language) }));
	const stamp = createHash('sha256')
		.update(
			JSON.stringify([VERSION, catalogue, readFileSync(join(ROOT, 'package-lock.json'), 'utf8')])
		)
		.digest('hex');
	if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) return;

	// Mostly there is nothing to do: half a second is saved.
	const { compileProject } = await import('@inlang/paraglide-js');
	const { loadProjectInMemory, newProject } = await import('@inlang/sdk');
	// @ts-expect-error It has no types of its own.
	const { default: plugin } = await import('@inlang/plugin-message-format');
	const messageFormat = plugin as InlangPlugin;
	const project = await loadProjectInMemory({
		blob: await newProject({
			settings: { baseLocale: FIRST_LANGUAGE, locales: LANGUAGE_CODES }
		}),
		providePlugins: [messageFormat]
	});
	try {
		await project.importFiles({
			pluginKey: messageFormat.key,
			files: catalogue.flatMap(({ language, areas }) =>
				areas.map(({ messages }) => ({
					locale: language,
					content: new TextEncoder().encode(JSON.stringify(prepared(messages, language)))
				}))
			)
		});
		const written = await compileProject({
			project,
			compilerOptions: { outputStructure: 'locale-modules', strategy: ['baseLocale'] }
		});
		const types = declarationsOf(
			catalogue.find((of) => of.language === FIRST_LANGUAGE)?.areas ?? []
		);
		write('registry.js', REGISTRY);
		for (const language of LANGUAGE_CODES) {
			const self = { LANGUAGE: language, DIRECTION: LANGUAGES[language].direction };
			write(
				`messages/${language}.js`,
				`${written[`messages/${language}.js`]}\n${Object.entries(self)
					.map(([name, value]) => `export const ${name} = '${value}';\n`)
					.join('')}`
			);
			write(`messages/${language}.d.ts`, types);
		}
		write('stamp', stamp);
	} finally {
		await project.close();
	}
}

/**
 * The messages as the compiler gets them. Where text runs from the right, a name or an amount in it keeps its own
 * direction, and its place; where all plurals read the same, none is asked for.
 */
function prepared(messages: Area['messages'], language: Language): Area['messages'] {
	const isRightToLeft = LANGUAGES[language].direction === 'rtl';
	const isolate = (text: string): string =>
		isRightToLeft ? text.replace(/(?<!\\)\{(?!shown\})\w+\}/g, '\u2068$&\u2069') : text;
	const prepare = (message: Message): Message => {
		if (typeof message === 'string') return isolate(message);
		const variants = Object.entries(message[0].match).map(
			([variant, text]) => [variant, isolate(text)] as const
		);
		const isOne = new Set(variants.map(([, text]) => text)).size === 1;
		return [{ ...message[0], match: Object.fromEntries(isOne ? variants.slice(-1) : variants) }];
	};
	return Object.fromEntries(
		Object.entries(messages).map(([key, message]) => [key, prepare(message)])
	);
}

/** The types of a module: what each message takes, with its text as the comment an editor shows. */
function declarationsOf(areas: Area[]): string {
	const messages = areas
		.flatMap(({ messages }) => Object.entries(messages))
		.map(([key, message]) => {
			const inputs = [...inputsOf(message)].map(
				([name, kind]) => `${name}: ${kind === 'number' ? 'number' : 'string | number'}`
			);
			const comment = textsOf(message).join(' | ').replaceAll('*/', '* /');
			const parameters = inputs.length > 0 ? `inputs: { ${inputs.join('; ')} }` : '';
			return `/** ${comment} */\nexport declare const ${key}: (${parameters}) => string;\n`;
		});
	return `import type { Language } from '#contract/language.ts';

/** The language of this build. */
export declare const LANGUAGE: Language;
/** The direction in which its text runs. */
export declare const DIRECTION: 'ltr' | 'rtl';

${messages.join('\n')}`;
}

/** Whole or not at all: another process may read it meanwhile. */
function write(path: string, content: string | undefined): void {
	if (content === undefined) throw new Error(`The compiler of messages wrote no ${path}.`);
	const full = join(OUT, path);
	mkdirSync(dirname(full), { recursive: true });
	const unfinished = `${full}.${process.pid}`;
	writeFileSync(unfinished, content);
	renameSync(unfinished, full);
}

if (process.argv[1] === import.meta.filename) await compileMessages();
