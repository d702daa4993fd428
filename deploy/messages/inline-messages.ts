import { type AST, parse } from 'svelte/compiler';

/** A call of a message that takes nothing. */
const CALL = /\bm\.(\w+)\(\)/g;
/** What is left of them. */
const NAME = /\bm\.([a-z]\w*)/g;
const IMPORT = "import * as m from '#messages';";

/** The module of one message alone: it goes into the chunk that uses it. */
export const ONE_MESSAGE = 'virtual:message/';

interface Change {
	start: number;
	end: number;
	text: string;
}

/**
 * Puts texts where their messages are asked for: into the markup as markup, elsewhere as a string. What takes
 * inputs stays a call, of a module of its own: in one with all the others it would be loaded by every page.
 *
 * @param texts the texts of one language that take none, by key
 */
export function inlineMessages(
	code: string,
	path: string,
	texts: ReadonlyMap<string, string>
): string {
	const inMarkup = path.endsWith('.svelte') ? apply(code, changesInMarkup(code, texts)) : code;
	const inPlace = inMarkup.replace(CALL, (call, key: string) => {
		const text = texts.get(key);
		return text === undefined ? call : JSON.stringify(text);
	});
	const keys = new Set<string>();
	const called = inPlace.replace(NAME, (_, key: string) => {
		keys.add(key);
		return `m_${key}`;
	});
	const imports = [...keys].map(
		(key) => `import { ${key} as m_${key} } from '${ONE_MESSAGE}${key}';`
	);
	const isNeeded = /\bm\.[A-Z]/.test(called);
	return called.replace(IMPORT, [...(isNeeded ? [IMPORT] : []), ...imports].join(' '));
}

/** Where a message is all there is between braces, in text or as an attribute. */
function changesInMarkup(code: string, texts: ReadonlyMap<string, string>): Change[] {
	const changes: Change[] = [];
	const visit = (node: unknown, isAttribute: boolean): void => {
		if (Array.isArray(node)) return node.forEach((child) => visit(child, isAttribute));
		if (typeof node !== 'object' || node === null) return;
		const { type } = node as { type?: string };
		if (type === 'ExpressionTag') {
			const { start, end } = node as AST.ExpressionTag;
			const [, key] = /^\{m\.(\w+)\(\)\}$/.exec(code.slice(start, end)) ?? [];
			const text = key && texts.get(key);
			if (text === undefined || text === '') return;
			// `label={…}` has no quotes of its own.
			const isBare = isAttribute && code[start - 1] === '=';
			changes.push({ start, end, text: isBare ? `"${escape(text)}"` : escape(text) });
			return;
		}
		for (const [name, child] of Object.entries(node)) {
			if (name !== 'instance' && name !== 'module' && name !== 'css') {
				visit(child, isAttribute || type === 'Attribute');
			}
		}
	};
	visit(parse(code, { modern: true }).fragment, false);
	return changes;
}

function apply(code: string, changes: Change[]): string {
	return changes
		.toSorted((a, b) => b.start - a.start)
		.reduce(
			(result, { start, end, text }) => result.slice(0, start) + text + result.slice(end),
			code
		);
}

function escape(text: string): string {
	return text.replace(/[&<>"{}]/g, (sign) => `&#${sign.codePointAt(0)};`);
}
