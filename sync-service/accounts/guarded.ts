import type { ProblemCode } from '#contract/problem.ts';
import type { Account } from '#service/accounts/account-store.ts';
import type { AccountParts } from '#service/accounts/account-parts.ts';
import { verifyPassword } from '#service/accounts/password.ts';
import type { Counter } from '#service/accounts/throttle.ts';
import { type Outcome, refuse } from '#service/plugins/problems.ts';

/** The refusals by which somebody learns that a guess was wrong. */
const WRONG_GUESSES: readonly ProblemCode[] = [
	'invalid-credentials',
	'invalid-code',
	'wrong-password'
];

/**
 * Runs what may turn out to be a wrong guess, which then counts before anybody is told.
 *
 * @throws {StoreUnavailable} also when a wrong guess could not be counted
 */
export async function guardGuess<T>(
	{ throttle }: Pick<AccountParts, 'throttle'>,
	counters: readonly Counter[],
	work: () => Promise<Outcome<T>>
): Promise<Outcome<T>> {
	const attempt = await throttle.begin(counters);
	if (attempt.waitSeconds !== undefined) {
		return refuse('too-many-requests', { retryAfterSeconds: attempt.waitSeconds });
	}
	let counts = false;
	try {
		const outcome = await work();
		counts = !outcome.ok && WRONG_GUESSES.includes(outcome.refusal.code);
		return outcome;
	} finally {
		await attempt.end(counts);
	}
}

/** Runs `work` for who is signed in and says the password again. @throws {StoreUnavailable} */
export function confirmed<T>(
	parts: AccountParts,
	accountId: string,
	password: string,
	work: (account: Account) => Promise<Outcome<T>>
): Promise<Outcome<T>> {
	return guardGuess(parts, parts.counters.confirmation(accountId), async () => {
		const account = await parts.accounts.findAccount(accountId);
		if (account === undefined) return refuse('signed-out');
		const isRight = await verifyPassword(account.passwordHash, password);
		return isRight ? work(account) : refuse('wrong-password');
	});
}
