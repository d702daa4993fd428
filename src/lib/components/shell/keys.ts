/** What a press of a key asks for, anywhere in the app. */
export type Key = 'new' | 'search' | 'help' | 'undo';

const KEYS: Readonly<Record<string, Key>> = { n: 'new', '/': 'search', '?': 'help' };

/** The wish behind a key press; none while somebody types or a dialog is open. */
export function readKey(event: KeyboardEvent): Key | undefined {
	if (event.defaultPrevented || event.altKey || event.isComposing || event.repeat) return undefined;
	const target = event.target;
	if (
		target instanceof HTMLElement &&
		(target.isContentEditable || target.closest('input, select, textarea, dialog'))
	) {
		return undefined;
	}
	if (document.querySelector('dialog[open]')) return undefined;
	const key = event.key.toLowerCase();
	if (event.ctrlKey || event.metaKey) return key === 'z' && !event.shiftKey ? 'undo' : undefined;
	return KEYS[key];
}
