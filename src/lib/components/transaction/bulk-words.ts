import { entries } from '#lib/components/sync/sync-words.ts';
import type { LeftOut } from '#lib/domain/bulk-edit.ts';

const WHY: Readonly<Record<LeftOut, (one: boolean) => string>> = {
	transfer: (one) => (one ? 'is a transfer' : 'are transfers'),
	split: (one) => (one ? 'is split over categories' : 'are split over categories'),
	newer: (one) => (one ? 'was written by a newer version' : 'were written by a newer version')
};

/** What an edit leaves as it is, in a sentence; empty = nothing. */
export function leftOutWords(leftOut: Readonly<Record<LeftOut, number>>): string {
	const parts = (Object.keys(WHY) as LeftOut[])
		.filter((why) => leftOut[why] > 0)
		.map((why) => `${entries(leftOut[why])} ${WHY[why](leftOut[why] === 1)}`);
	if (parts.length === 0) return '';
	const count = Object.values(leftOut).reduce((sum, each) => sum + each, 0);
	return `Left as ${count === 1 ? 'it is' : 'they are'}: ${parts.join(', ')}.`;
}
