/** What a press of a key asks for, anywhere in the app. */
export type Key = 'new' | 'search' | 'help' | 'undo';

const KEYS: Readonly<Record<string, Key>> = { n: 'new', '/': 'search', '?': 'help' };

/** The wish behind a key press; none while somebody types or a dialog is open. */
export function readKey(event: KeyboardEvent): Key | undefined {
	if (event.repeat || !isForPage(event)) return undefined;
	const key = event.key.toLowerCase();
	if (event.ctrlKey || event.metaKey) return key === 'z' && !event.shiftKey ? 'undo' : undefined;
	return KEYS[key];
}

/** Whether a key press is the page's: nobody types, and no dialog is open. */
export function isForPage(event: KeyboardEvent): boolean {
	if (event.defaultPrevented || event.altKey || event.isComposing) return false;
	const { target } = event;
	const isTyping =
		target instanceof HTMLElement &&
		(target.isContentEditable ||
			target.closest('input:not([type=checkbox]), select, textarea, dialog') !== null);
	return !isTyping && document.querySelector('dialog[open]') === null;
}
