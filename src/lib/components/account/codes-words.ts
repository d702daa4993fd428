import * as m from '#messages';

/** Few enough to be told of. */
export const FEW_CODES = 3;

/** "7 recovery codes are left.", and what to do when they run out. */
export function codesLeftWords(left: number): string {
	if (left === 0) return m.account_codes_none_left();
	const of = { count: left };
	return left <= FEW_CODES ? m.account_codes_few_left(of) : m.account_codes_left(of);
}
