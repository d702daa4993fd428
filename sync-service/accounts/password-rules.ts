import { PASSWORD_MAX, PASSWORD_MIN } from '#contract/account.ts';
import { isCommon } from '#service/accounts/common-passwords.ts';

const BETTER = 'Three or four random words make a good one.';

/** What makes `password` too weak for the account of `email`, as a sentence, or `undefined`. */
export function findPasswordWeakness(password: string, email: string): string | undefined {
	const length = [...password].length;
	if (length < PASSWORD_MIN) return `Use at least ${PASSWORD_MIN} characters for the password.`;
	if (length > PASSWORD_MAX) return `Use at most ${PASSWORD_MAX} characters for the password.`;
	const lowered = password.trim().toLowerCase();
	if (isMadeOf(lowered, email)) {
		return `Use a password that is not made of your email address. ${BETTER}`;
	}
	if (isCommon(password)) return `This password is among the first that guessers try. ${BETTER}`;
	if (new Set(lowered).size < 3) {
		return `Use more than one or two different characters for the password. ${BETTER}`;
	}
	if (isRepetition(lowered) || isRun(lowered)) {
		return `Repetitions and runs are among the first that guessers try. ${BETTER}`;
	}
	return undefined;
}

/** The email, what is before or behind its @, or the domain's name: forwards or backwards, with digits around. */
function isMadeOf(password: string, email: string): boolean {
	const [local = '', domain = ''] = email.split('@');
	const name = domain.slice(0, Math.max(0, domain.lastIndexOf('.')));
	const core = toCore(password);
	return [email, local, domain, name].map(toCore).some((part) => {
		if (part.length < 3) return false;
		return core === part || core === [...part].reverse().join('');
	});
}

/** The letters and digits of a text, without the digits at its ends. */
function toCore(text: string): string {
	return text.replace(/[^\p{L}\p{N}]/gu, '').replace(/^\p{N}+|\p{N}+$/gu, '');
}

/** A piece of up to four characters, again and again. */
function isRepetition(text: string): boolean {
	return /^(.{1,4})\1+$/su.test(text);
}

/** Every character follows the one before: `abcdefgh`, `87654321`, `67890123`. */
function isRun(text: string): boolean {
	const codes = [...text].map((character) => character.codePointAt(0) ?? 0);
	const steps = codes.slice(1).map((code, at) => code - (codes[at] ?? 0));
	return [1, -1].some((step) => steps.every((one) => one === step || one === -9 * step));
}
