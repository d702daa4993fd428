import { isForPage } from '#lib/components/shell/keys.ts';

const STEPS: Readonly<Record<string, number>> = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

/**
 * How many entries down a key press asks to go: J and K anywhere on the page, the arrows from an entry on;
 * elsewhere they scroll.
 */
export function readStep(event: KeyboardEvent): number | undefined {
	if (!isForPage(event) || event.ctrlKey || event.metaKey || event.shiftKey) return undefined;
	const isArrow = event.key.startsWith('Arrow');
	const { target } = event;
	if (isArrow && !(target instanceof Element && target.closest('[data-place]'))) return undefined;
	return STEPS[isArrow ? event.key : event.key.toLowerCase()];
}
