import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findInComponent, findInModule } from './find-hard-coded.ts';

const SRC = join(import.meta.dirname, '../../src');

const files = globSync('{lib,routes}/**/*.{svelte,ts}', { cwd: SRC })
	.filter(
		(path) =>
			path.endsWith('.svelte') ||
			/^(?:lib\/(?:[^/]+$|components\/|state\/)|routes\/)|-words\.ts$/.test(path)
	)
	.filter((path) => !path.endsWith('.test.ts'))
	.sort();

const found = new Map(
	files.map((path) => {
		const code = readFileSync(join(SRC, path), 'utf8');
		return [path, path.endsWith('.svelte') ? findInComponent(code) : findInModule(code)];
	})
);

test('every text that a person reads comes from the catalogue', () => {
	const left = [...found].flatMap(([path, texts]) =>
		texts.map(({ line, text }) => `src/${path}:${line} ${text}`)
	);
	expect(left).toEqual([]);
});

test.each([
	['<p>Hello</p>', 'Hello'],
	['<p>Hello <b>{name}</b></p>', 'Hello'],
	['<button aria-label="Close">×</button>', 'Close'],
	['<input placeholder="Coffee, rent" />', 'Coffee, rent'],
	['<Field label="Amount" />', 'Amount'],
	['<Field hint="what it was for, in a word." />', 'what it was for, in a word.'],
	['<Field label={isNew ? "Add" : edit} />', 'Add'],
	['<p>{`Deleted ${count}`}</p>', 'Deleted …'],
	['<script>const places = [{ label: "Home" }];</script>', 'Home'],
	['<script>show(`${count} to send.`);</script>', '… to send.']
])('%s has a hard-coded text', (code, text) => {
	expect(findInComponent(code)).toEqual([{ line: 1, text }]);
});

test.each([
	'<p class="quiet large">{m.add_hello()} · Outlay</p>',
	'<a href="/settings" data-kind="Big one">12 × 3</a>',
	'<Icon name="home" size={24} />',
	'<script>if (event.key === "Escape") close();</script>',
	'<script>document.querySelector(`input[type="${type}"]`);</script>',
	'<script>throw new TypeError("There is no such method.");</script>',
	'<style>p { content: "Hello"; }</style>'
])('%s has none', (code) => {
	expect(findInComponent(code)).toEqual([]);
});
