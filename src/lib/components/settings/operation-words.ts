import type { Operation } from '#contract/documents/operation.ts';
import { entries } from '#lib/components/sync/sync-words.ts';

/** What an operation did: "Imported 2,461 entries from bank.csv". */
export function operationWords({ kind, label, entries: count }: Operation): string {
	switch (kind) {
		case 'import':
			return `Imported ${entries(count)}${label ? ` from ${label}` : ''}`;
		case 'edit':
			return `Changed ${entries(count)}${label ? `: ${label}` : ''}`;
		case 'trash':
			return `Deleted ${entries(count)}`;
		case 'restore':
			return `Restored ${entries(count)}`;
		case 'undo':
			return `Took back a change of ${entries(count)}`;
	}
}

/** While that goes on. */
export const TAKING_BACK = 'Taking it back…';

/** What came of taking something back, and what of it stayed. */
export function undoneWords(result: { written: string[]; changedSince: string[] }): string {
	const stayed = result.changedSince.length;
	if (stayed === 0) return 'Taken back';
	return result.written.length === 0
		? 'Nothing was taken back: all of it was changed since'
		: `Taken back. ${entries(stayed)} changed since ${stayed === 1 ? 'stays as it is' : 'stay as they are'}`;
}
