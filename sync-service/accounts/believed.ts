import type { Endings } from '#service/accounts/endings.ts';
import type { Identity } from '#service/accounts/identity.ts';

/** Milliseconds a checked credential is believed without asking the store. */
const BELIEVED_MS = 5_000;
const BELIEVED_MOST = 10_000;

/** Credentials that were checked a moment ago, by their keys. What ends is forgotten at once. */
export interface Believed {
	find(credentialKey: string): Identity | undefined;
	add(identity: Identity): void;
}

export function createBelieved(endings: Endings): Believed {
	const believed = new Map<string, { identity: Identity; until: number }>();
	endings.onCredentialEnd((key) => void believed.delete(key));
	endings.onAccountRecheck((accountId) => {
		for (const [key, { identity }] of believed) {
			if (identity.accountId === accountId) believed.delete(key);
		}
	});
	return {
		find(credentialKey) {
			const known = believed.get(credentialKey);
			return known !== undefined && known.until > Date.now() ? known.identity : undefined;
		},
		add(identity) {
			if (believed.size >= BELIEVED_MOST) believed.clear();
			believed.set(identity.credentialKey, { identity, until: Date.now() + BELIEVED_MS });
		}
	};
}
