import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { graphs, passwords } from 'virtual:often-guessed';

/** How hard a password is to guess: 0 = at once, 4 = not in a lifetime. */
export interface Strength {
	score: 0 | 1 | 2 | 3 | 4;
	/** What makes it stronger, in a sentence or two; empty where it is strong enough. */
	advice: string;
}

/** What comes after it adds nothing that anybody needs to know, and takes time. */
const LOOKED_AT = 48;

const WARNINGS: Readonly<Record<string, string>> = {
	topTen: 'This is among the first passwords that are tried.',
	topHundred: 'This is among the first passwords that are tried.',
	common: 'This is a password that many people have.',
	similarToCommon: 'This is close to a password that many people have.',
	wordByItself: 'A word by itself is quickly guessed.',
	straightRow: 'Rows of keys are quickly guessed.',
	keyPattern: 'Patterns of keys are quickly guessed.',
	simpleRepeat: 'Repeats are quickly guessed.',
	extendedRepeat: 'Repeats are quickly guessed.',
	sequences: 'Sequences are quickly guessed.',
	recentYears: 'Years are quickly guessed.',
	dates: 'Dates are quickly guessed.',
	userInputs: 'Leave your email out of it.'
};
const ADD_WORDS = 'Add another word or two, the less usual the better.';

let estimator: ZxcvbnFactory | undefined;

/**
 * Estimates how many guesses somebody needs who knows what people choose.
 *
 * @param own what is known of the person, such as the parts of the email.
 */
export function estimateStrength(password: string, own: readonly string[]): Strength {
	estimator ??= new ZxcvbnFactory({ graphs, dictionary: { passwords: passwords.split('\n') } });
	const { score, feedback } = estimator.check(password.slice(0, LOOKED_AT), [...own]);
	if (score > 2) return { score, advice: '' };
	const warning = WARNINGS[feedback.warning ?? ''];
	return { score, advice: warning ? `${warning} ${ADD_WORDS}` : ADD_WORDS };
}

/** The parts of an email that nobody should find in a password. */
export function partsOf(email: string): string[] {
	const whole = email.trim().toLowerCase();
	const [local = '', domain = ''] = whole.split('@');
	return [whole, local, domain, domain.split('.')[0] ?? ''].filter((part) => part.length > 2);
}
