/** Few enough to be told of. */
export const FEW_CODES = 3;

/** "7 recovery codes are left.", and what to do when they run out. */
export function codesLeftWords(left: number): string {
	if (left === 0) return 'No recovery code is left. Make new ones while you know the password.';
	const count = left === 1 ? '1 recovery code is left.' : `${left} recovery codes are left.`;
	return left <= FEW_CODES ? `${count} Make new ones before they run out.` : count;
}
