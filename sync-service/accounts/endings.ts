/** Where something was decided: in this process, or in another one that this one heard of. */
export type Origin = 'here' | 'elsewhere';

/** Tells whoever holds something open that the right to it is over. */
export interface Endings {
	/** A session or an app password is over. */
	endCredential(credentialKey: string, origin?: Origin): void;
	/** What an account may do has changed: what is believed of it, and what it holds open, must be asked for anew. */
	recheckAccount(accountId: string, origin?: Origin): void;
	/** Whether a credential was ended a moment ago: a check under way must not revive it. */
	hasEnded(credentialKey: string): boolean;
	onCredentialEnd(listener: (credentialKey: string, origin: Origin) => void): void;
	onAccountRecheck(listener: (accountId: string, origin: Origin) => void): void;
}

/** Milliseconds an ended credential is remembered: far longer than any check can take. */
const REMEMBERED_MS = 60_000;

export function createEndings(): Endings {
	/** In the order they ended, each with when it may be forgotten. */
	const ended = new Map<string, number>();
	const credentialListeners: ((credentialKey: string, origin: Origin) => void)[] = [];
	const accountListeners: ((accountId: string, origin: Origin) => void)[] = [];

	function forgetOld(): void {
		for (const [key, until] of ended) {
			if (until > Date.now()) return;
			ended.delete(key);
		}
	}

	return {
		endCredential(credentialKey, origin = 'here') {
			forgetOld();
			ended.set(credentialKey, Date.now() + REMEMBERED_MS);
			for (const listener of credentialListeners) listener(credentialKey, origin);
		},
		recheckAccount(accountId, origin = 'here') {
			for (const listener of accountListeners) listener(accountId, origin);
		},
		hasEnded: (credentialKey) => ended.has(credentialKey),
		onCredentialEnd: (listener) => void credentialListeners.push(listener),
		onAccountRecheck: (listener) => void accountListeners.push(listener)
	};
}
