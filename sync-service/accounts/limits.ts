import type { Counter, Limit } from '#service/accounts/throttle.ts';

/** How much is let through. */
export interface Limits {
	/** Sign-ups from one address, and changes to another email: both tell whether an email is taken. */
	signUps: Limit;
	/** Failures from one address, whoever they are for. */
	failuresByAddress: Limit;
	/** Failures for one email from one address. */
	failuresByPair: Limit;
	/** Failures for one email from everywhere; its known devices and all other places are counted apart. */
	failuresByEmail: Limit;
	/** Failures for one email from one device that has signed in with it before. */
	failuresByDevice: Limit;
	/** Wrong passwords of who is signed in already. */
	confirmations: Limit;
	/** Requests for `/api` from one address, in one process. */
	requests: Limit;
}

const MINUTE_MS = 60_000;

export const DEFAULT_LIMITS: Limits = {
	signUps: { most: 30, windowMs: 60 * MINUTE_MS },
	failuresByAddress: { most: 50, windowMs: 15 * MINUTE_MS },
	failuresByPair: { most: 10, windowMs: 15 * MINUTE_MS },
	failuresByEmail: { most: 50, windowMs: 60 * MINUTE_MS },
	failuresByDevice: { most: 10, windowMs: 15 * MINUTE_MS },
	confirmations: { most: 10, windowMs: 15 * MINUTE_MS },
	requests: { most: 1200, windowMs: MINUTE_MS }
};

/** Who tries to prove that an account is theirs. */
export interface Claimant {
	email: string;
	/** As `toAddressKey` has it. */
	address: string;
	/** The device, when it has signed in with this email before. */
	device?: string | undefined;
}

/** What one attempt is counted under. */
export interface Counters {
	signUp(address: string): Counter[];
	/**
	 * A known device is counted by itself, so that nobody who guesses elsewhere can lock its owner out; and all of
	 * an email's together, for who once knew its password may have made many.
	 *
	 * @param by what is guessed; each has its own counts, so that guessing the one does not lock the other
	 */
	proof(by: 'password' | 'recovery-code' | 'app-password', claimant: Claimant): Counter[];
	confirmation(accountId: string): Counter[];
}

export function createCounters(limits: Limits): Counters {
	return {
		signUp: (address) => [{ kind: 'sign-up', key: address, ...limits.signUps }],
		proof(by, { email, address, device }) {
			if (device !== undefined) {
				return [
					{ kind: `${by}-device`, key: `${device} ${email}`, ...limits.failuresByDevice },
					{ kind: `${by}-devices`, key: email, ...limits.failuresByEmail }
				];
			}
			return [
				{ kind: 'address', key: address, ...limits.failuresByAddress },
				{ kind: `${by}-pair`, key: `${address} ${email}`, ...limits.failuresByPair },
				{ kind: `${by}-email`, key: email, ...limits.failuresByEmail }
			];
		},
		confirmation: (accountId) => [{ kind: 'confirmation', key: accountId, ...limits.confirmations }]
	};
}
