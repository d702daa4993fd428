import type { LeftOut } from '#lib/domain/bulk-edit.ts';
import * as m from '#messages';

const WHY: Readonly<Record<LeftOut, (of: { count: number }) => string>> = {
	transfer: m.list_left_transfers,
	split: m.list_left_splits,
	newer: m.list_left_newer
};

/** What an edit leaves as it is, in a sentence; empty = nothing. */
export function leftOutWords(leftOut: Readonly<Record<LeftOut, number>>): string {
	const parts = (Object.keys(WHY) as LeftOut[])
		.filter((why) => leftOut[why] > 0)
		.map((why) => WHY[why]({ count: leftOut[why] }));
	if (parts.length === 0) return '';
	const count = Object.values(leftOut).reduce((sum, each) => sum + each, 0);
	return m.list_left({ count, parts: parts.join(', ') });
}
