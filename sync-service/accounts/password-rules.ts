import { PASSWORD_MAX, PASSWORD_MIN } from '#contract/account.ts';
import { COMMON_PASSWORDS } from '#service/accounts/common-passwords.ts';

/** What makes `password` too weak for the account of `email`, as a sentence, or `undefined`. */
export function findPasswordWeakness(password: string, email: string): string | undefined {
	const length = [...password].length;
	if (length < PASSWORD_MIN) return `Use at least ${PASSWORD_MIN} characters for the password.`;
	if (length > PASSWORD_MAX) return `Use at most ${PASSWORD_MAX} characters for the password.`;
	const lowered = password.trim().toLowerCase();
	if (lowered === email) return 'Use a password that is not your email address.';
	if (COMMON_PASSWORDS.has(lowered)) {
		return 'This password is among the first that guessers try. Three or four random words make a good one.';
	}
	if (new Set(lowered).size < 3) {
		return 'Use more than one or two different characters for the password.';
	}
	return undefined;
}
