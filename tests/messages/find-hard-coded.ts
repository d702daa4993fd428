import { parse } from 'svelte/compiler';

/** Attributes of elements whose text a person reads or hears. */
const READ_ATTRIBUTES = new Set([
	'alt',
	'aria-description',
	'aria-label',
	'aria-placeholder',
	'aria-roledescription',
	'aria-valuetext',
	'label',
	'placeholder',
	'title'
]);

/** What is not a language's: our name, signs, keys of a keyboard. */
const NO_WORDS =
	/\b(?:Outlay|Arrow|Ctrl [AZ]|Shift|Enter, E|Enter|Escape|CSV|OFX|JSON|PDF)\b|[^\p{L}]/gu;

interface Node {
	type?: string;
	start?: number;
	[name: string]: unknown;
}

export interface HardCoded {
	line: number;
	text: string;
}

/**
 * The texts in a component that a person would read and no catalogue has: words in the markup, in attributes that
 * are read, in properties of components, and strings of the code that look like a label or a sentence.
 */
export function findInComponent(code: string): HardCoded[] {
	const tree = parse(code, { modern: true });
	const found: HardCoded[] = [];
	const add = (node: Node, text: string): unknown =>
		found.push({
			line: code.slice(0, node.start).split('\n').length,
			text: text.trim().replaceAll(/\s+/g, ' ')
		});

	const visit = (node: unknown, parent: Node | undefined): void => {
		if (Array.isArray(node)) return node.forEach((child) => visit(child, parent));
		if (typeof node !== 'object' || node === null) return;
		const it = node as Node;
		switch (it.type) {
			case 'Text':
				if (hasWords(it.data as string)) add(it, it.data as string);
				return;
			case 'Attribute':
				return visitAttribute(it, parent);
			case 'ImportDeclaration':
			case 'TSTypeAnnotation':
			case 'TSTypeAliasDeclaration':
			case 'TSInterfaceDeclaration':
			case 'StyleDirective':
			case 'TransitionDirective':
				return;
			case 'Literal':
				if (typeof it.value === 'string' && looksWritten(it.value) && !isCompared(parent)) {
					add(it, it.value);
				}
				return;
			case 'NewExpression':
				// Who reads what is thrown is no person, but who looks for the fault.
				if (/Error$/.test((it.callee as { name?: string }).name ?? '')) return;
				break;
			case 'TemplateLiteral': {
				const text = (it.quasis as { value: { raw: string } }[])
					.map(({ value }) => value.raw)
					.join('…');
				if (looksWritten(text)) add(it, text);
				return visit(it.expressions, it);
			}
		}
		for (const [name, child] of Object.entries(it)) {
			if (name !== 'css' && name !== 'comments' && name !== 'metadata') visit(child, it);
		}
	};

	const visitAttribute = (attribute: Node, parent: Node | undefined): void => {
		const isComponent = parent?.type === 'Component' || parent?.type === 'SvelteComponent';
		const isRead = READ_ATTRIBUTES.has(attribute.name as string);
		const values = Array.isArray(attribute.value) ? attribute.value : [attribute.value];
		for (const value of values as (Node | true)[]) {
			if (value === true) continue;
			if (value.type !== 'Text') visit(value, attribute);
			else if (
				isRead ? hasWords(value.data as string) : isComponent && looksWritten(value.data as string)
			) {
				add(value, value.data as string);
			}
		}
	};

	visit([tree.fragment, tree.instance, tree.module], undefined);
	return found;
}

/** The same for a module: strings that look like a label or a sentence. */
export function findInModule(code: string): HardCoded[] {
	return findInComponent(`<script lang="ts">${code}</script>`);
}

function hasWords(text: string): boolean {
	return text.replaceAll(/&\w+;/g, '').replaceAll(NO_WORDS, '') !== '';
}

/** "Save", "Save and go on", "You are signed out.", "… to send": not `save`, `aria-label` or `input[type=text]`. */
function looksWritten(text: string): boolean {
	if (!hasWords(text) || /[<>=;_\\[\]#]|^\/|^[\w-]+\/|\bvar\(|--/.test(text)) return false;
	const isLabel = /^\p{Lu}[\p{Ll}’'-]+(?:$|[\s.,:…!?])/u.test(text);
	const isSentence =
		/\p{L}[ ,:]+.*\p{L}.*\p{L}/u.test(text) && /\s/.test(text) && /[\p{Lu}.’…]/u.test(text);
	const isPhrase = /(?:^|\s)\(?\p{L}+,? \p{L}+,? \p{L}+/u.test(text);
	return isLabel || isSentence || isPhrase;
}

/** A key's name, a kind, a tag: compared with, never shown. */
function isCompared(parent: Node | undefined): boolean {
	return (
		(parent?.type === 'BinaryExpression' && /^[=!]==?$/.test(parent.operator as string)) ||
		parent?.type === 'SwitchCase' ||
		parent?.type === 'TSLiteralType'
	);
}
