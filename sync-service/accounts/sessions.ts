import { randomBytes } from 'node:crypto';
import { Lucia, TimeSpan } from 'lucia';
import type { AccountStore } from '#service/accounts/account-store.ts';
import type { Endings } from '#service/accounts/endings.ts';
import type { Identity } from '#service/accounts/identity.ts';
import { createSessionStore, toSessionKey } from '#service/accounts/session-store.ts';

declare module 'lucia' {
	interface Register {
		Lucia: Lucia<Record<never, never>, UserAttributes>;
		DatabaseUserAttributes: UserAttributes;
	}
}

interface UserAttributes {
	email: string;
	ledgerId: string;
}

/** A session ends this long after it was last renewed; it is renewed in the second half of it. */
const LASTING = new TimeSpan(90, 'd');
/** Milliseconds a checked session is believed without asking the store. */
const BELIEVED_MS = 5_000;
const BELIEVED_MOST = 10_000;
/** `<accountId>.<random>`, both base64url. */
const TOKEN = /^[A-Za-z0-9_-]{1,64}\.[A-Za-z0-9_-]{20,64}$/;

export interface NewSession {
	token: string;
	expiresAt: Date;
}

export interface Sessions {
	/** @throws {StoreUnavailable} */
	create(accountId: string): Promise<NewSession>;
	/** Who is signed in with a token. `renewedUntil`: the cookie must be set again. @throws {StoreUnavailable} */
	find(token: string): Promise<{ identity: Identity; renewedUntil?: Date } | undefined>;
	/** Ends a session, in this process at once. @throws {StoreUnavailable} and the session goes on */
	end(token: string): Promise<void>;
	/** Ends all sessions of an account. @throws {StoreUnavailable} */
	endAll(accountId: string): Promise<void>;
}

export function createSessions(accounts: AccountStore, endings: Endings): Sessions {
	const store = createSessionStore(accounts);
	const lucia = new Lucia(store, {
		sessionExpiresIn: LASTING,
		getUserAttributes: ({ email, ledgerId }) => ({ email, ledgerId })
	});
	const believed = new Map<string, { identity: Identity; until: number }>();
	endings.onCredentialEnd((key) => void believed.delete(key));
	endings.onAccountRecheck((accountId) => {
		for (const [key, { identity }] of believed) {
			if (identity.accountId === accountId) believed.delete(key);
		}
	});

	function believe(identity: Identity): void {
		if (believed.size >= BELIEVED_MOST) believed.clear();
		believed.set(identity.credentialKey, { identity, until: Date.now() + BELIEVED_MS });
	}

	async function find(token: string): ReturnType<Sessions['find']> {
		if (!TOKEN.test(token)) return undefined;
		const sessionKey = toSessionKey(token);
		const known = believed.get(sessionKey);
		if (known !== undefined && known.until > Date.now()) return { identity: known.identity };
		const { session, user } = await lucia.validateSession(token);
		if (session === null || endings.hasEnded(sessionKey)) {
			believed.delete(sessionKey);
			return undefined;
		}
		const { email, ledgerId } = user;
		const identity: Identity = {
			kind: 'session',
			accountId: user.id,
			email,
			ledgerId,
			role: 'member',
			access: 'read-write',
			credentialKey: sessionKey
		};
		believe(identity);
		return session.fresh ? { identity, renewedUntil: session.expiresAt } : { identity };
	}

	return {
		async create(accountId) {
			const token = `${accountId}.${randomBytes(24).toString('base64url')}`;
			const session = await lucia.createSession(accountId, {}, { sessionId: token });
			return { token, expiresAt: session.expiresAt };
		},
		find,
		async end(token) {
			if (!TOKEN.test(token)) return;
			await lucia.invalidateSession(token);
			endings.endCredential(toSessionKey(token));
		},
		async endAll(accountId) {
			const sessions = await lucia.getUserSessions(accountId);
			await lucia.invalidateUserSessions(accountId);
			// The adapter knows listed sessions by their documents' ids, which end in the key.
			for (const { id } of sessions) endings.endCredential(id.slice(id.lastIndexOf(':') + 1));
		}
	};
}
