import { expect, test } from 'vitest';
import { inlineMessages } from '../../deploy/messages/inline-messages.ts';

const TEXTS = new Map([
	['add_title', 'Add an entry'],
	['add_both', 'Save & {new} "one"']
]);
const IMPORT = "import * as m from '#messages';";
const inline = (code: string, path = 'Page.svelte'): string => inlineMessages(code, path, TEXTS);
const script = (code: string): string => `<script lang="ts">${code}</script>`;

test('a text without inputs stands in the markup, as text and as an attribute', () => {
	expect(
		inline(
			`${script(IMPORT)}<Field label={m.add_title()} /><p title="{m.add_title()}!">{m.add_both()}</p>`
		)
	).toBe(
		`${script('')}<Field label="Add an entry" /><p title="Add an entry!">Save &#38; &#123;new&#125; &#34;one&#34;</p>`
	);
});

test('elsewhere it is a string', () => {
	expect(
		inline(`${script(`${IMPORT} show(m.add_both());`)}<p>{isNew ? m.add_title() : ''}</p>`)
	).toBe(`${script(' show("Save & {new} \\"one\\"");')}<p>{isNew ? "Add an entry" : ''}</p>`);
	expect(inline(`${IMPORT}\nexport const TITLE = m.add_title();`, 'words.ts')).toBe(
		'\nexport const TITLE = "Add an entry";'
	);
});

test('what takes inputs comes from a module of its own', () => {
	expect(
		inline(`${IMPORT}\nm.list_found({ count }) + m.list_found({ count: 1 });`, 'words.ts')
	).toBe(
		`import { list_found as m_list_found } from 'virtual:message/list_found';\nm_list_found({ count }) + m_list_found({ count: 1 });`
	);
});

test('what is no message is left alone', () => {
	const code = `${IMPORT}\nexport const isArabic = m.LANGUAGE === 'ar';`;
	expect(inline(code, 'words.ts')).toBe(code);
});
