import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { graphs, passwords } from 'virtual:often-guessed';
import * as m from '#messages';

/** How hard a password is to guess: 0 = at once, 4 = not in a lifetime. */
export interface Strength {
	score: 0 | 1 | 2 | 3 | 4;
	/** What makes it stronger, in a sentence or two; empty where it is strong enough. */
	advice: string;
}

/** What comes after it adds nothing that anybody needs to know, and takes time. */
const LOOKED_AT = 48;

const WARNINGS: Readonly<Record<string, string>> = {
	topTen: m.account_weak_first(),
	topHundred: m.account_weak_first(),
	common: m.account_weak_common(),
	similarToCommon: m.account_weak_close(),
	wordByItself: m.account_weak_word(),
	straightRow: m.account_weak_rows(),
	keyPattern: m.account_weak_patterns(),
	simpleRepeat: m.account_weak_repeats(),
	extendedRepeat: m.account_weak_repeats(),
	sequences: m.account_weak_sequences(),
	recentYears: m.account_weak_years(),
	dates: m.account_weak_dates(),
	userInputs: m.account_weak_email()
};
const ADD_WORDS = m.account_add_words();

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
