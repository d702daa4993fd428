import * as m from '#messages';

/** While something is taken back. */
export const TAKING_BACK = m.common_taking_back();

/** What came of taking something back, and what of it stayed. */
export function undoneWords(result: { written: string[]; changedSince: string[] }): string {
	const stayed = result.changedSince.length;
	if (stayed === 0) return m.common_taken_back();
	return result.written.length === 0
		? m.operation_nothing_taken_back()
		: m.operation_stayed({ count: stayed });
}
