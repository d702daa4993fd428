/** What a press of a key asks for, anywhere in the app. */
export type Key = 'new' | 'search' | 'help';

const KEYS: Readonly<Record<string, Key>> = { n: 'new', '/': 'search', '?': 'help' };

/** The wish behind a key press; none while somebody types, a dialog is open, or a modifier is held. */
export function readKey(event: KeyboardEvent): Key | undefined {
	if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return undefined;
	if (event.isComposing || event.repeat) return undefined;
	const target = event.target;
	if (
		target instanceof HTMLElement &&
		(target.isContentEditable || target.closest('input, select, textarea, dialog'))
	) {
		return undefined;
	}
	if (document.querySelector('dialog[open]')) return undefined;
	return KEYS[event.key.toLowerCase()];
}
