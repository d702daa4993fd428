import { createHash, randomBytes } from 'node:crypto';
import { Lucia, TimeSpan } from 'lucia';
import type { DeviceSession } from '#contract/account.ts';
import type { Account } from '#service/accounts/account-store.ts';
import { createBelieved } from '#service/accounts/believed.ts';
import type { Endings } from '#service/accounts/endings.ts';
import type { Identity } from '#service/accounts/identity.ts';
import type { Rows } from '#service/accounts/rows.ts';
import {
	createSessionStore,
	isGoodFor,
	type SessionFacts,
	toSessionKey,
	type UserFields
} from '#service/accounts/session-store.ts';
import { StoreUnavailable } from '#service/couch/client.ts';

declare module 'lucia' {
	interface Register {
		Lucia: Lucia<SessionFacts, UserFields['attributes']>;
		DatabaseSessionAttributes: SessionFacts;
		DatabaseUserAttributes: UserFields['attributes'];
	}
}

/** A session ends this long after it was last renewed; it is renewed in the second half of it. */
const LASTING = new TimeSpan(90, 'd');
/** Milliseconds between two notes of when a session was last seen. */
const SEEN_MS = 15 * 60_000;
/** `<accountId>.<random>`, both base64url. */
const TOKEN = /^[A-Za-z0-9_-]{1,64}\.[A-Za-z0-9_-]{20,64}$/;

export interface NewSession {
	token: string;
	expiresAt: Date;
}

export interface Sessions {
	/**
	 * @param account whose it is; its era is the session's
	 * @param device in a person's words
	 * @throws {StoreUnavailable}
	 */
	create(account: Pick<Account, 'id' | 'sessionEra'>, device: string): Promise<NewSession>;
	/**
	 * Who is signed in with a token. `renewedUntil`: the cookie must be set again. `'suspended'`: the session is as
	 * it was, and its account is suspended.
	 *
	 * @throws {StoreUnavailable}
	 */
	find(
		token: string
	): Promise<{ identity: Identity; renewedUntil?: Date } | 'suspended' | undefined>;
	/** How many look-ups were answered from what was checked a moment ago, and how many the store was asked for. */
	counts(): { believed: number; asked: number };
	/** The sessions of an account that go on: the one that asks, then the one last seen first. @throws {StoreUnavailable} */
	list(account: Account, currentKey: string): Promise<DeviceSession[]>;
	/** Ends a session, in this process at once. @throws {StoreUnavailable} and the session goes on */
	end(token: string): Promise<void>;
	/** Ends the session that a list calls by this id. @throws {StoreUnavailable} */
	endListed(accountId: string, id: string): Promise<'ended' | 'unknown'>;
	/** Ends all sessions of an account, or all but one. @throws {StoreUnavailable} */
	endAll(accountId: string, exceptKey?: string): Promise<void>;
}

export function createSessions(rows: Rows, endings: Endings): Sessions {
	const store = createSessionStore(rows);
	const lucia = new Lucia(store, {
		sessionExpiresIn: LASTING,
		getSessionAttributes: (facts) => facts,
		getUserAttributes: (attributes) => attributes
	});
	const believed = createBelieved(endings);
	const counts = { believed: 0, asked: 0 };

	async function noteSeen(token: string, lastSeenAt: string): Promise<void> {
		if (Date.now() - Date.parse(lastSeenAt) < SEEN_MS) return;
		try {
			await store.touch(token, new Date().toISOString());
		} catch (error) {
			// Worth no refusal: the next request notes it.
			if (!(error instanceof StoreUnavailable)) throw error;
		}
	}

	async function find(token: string): ReturnType<Sessions['find']> {
		if (!TOKEN.test(token)) return undefined;
		const credentialKey = toSessionKey(token);
		const known = believed.find(credentialKey);
		counts[known === undefined ? 'asked' : 'believed']++;
		if (known !== undefined) return { identity: known };
		const { session, user } = await lucia.validateSession(token);
		if (session === null || endings.hasEnded(credentialKey)) return undefined;
		if (user.account.suspended) return 'suspended';
		const { email, ledgerId, role = 'member' } = user.account;
		const identity: Identity = {
			kind: 'session',
			accountId: user.id,
			email,
			ledgerId,
			role,
			access: 'read-write',
			credentialKey
		};
		believed.add(identity);
		if (session.fresh) return { identity, renewedUntil: session.expiresAt };
		await noteSeen(token, session.lastSeenAt);
		return { identity };
	}

	/** The rows of an account's sessions, with their keys. */
	async function listRows(accountId: string) {
		const rows = await store.getUserSessions(accountId);
		// The store knows listed sessions by their documents' ids, which end in the key.
		return rows.map((row) => ({ ...row, key: row.id.slice(row.id.lastIndexOf(':') + 1) }));
	}

	async function removeListed(listed: { id: string; key: string }): Promise<void> {
		await store.removeListed(listed.id);
		endings.endCredential(listed.key);
	}

	return {
		async create(account, device) {
			const token = `${account.id}.${randomBytes(24).toString('base64url')}`;
			const now = new Date().toISOString();
			const facts = { device, createdAt: now, lastSeenAt: now, era: account.sessionEra ?? 0 };
			const session = await lucia.createSession(account.id, facts, { sessionId: token });
			return { token, expiresAt: session.expiresAt };
		},
		find,
		counts: () => counts,
		async list(account, currentKey) {
			const listed = await listRows(account.id);
			return listed
				.filter((row) => row.expiresAt.getTime() > Date.now() && isGoodFor(row, account))
				.map(({ key, attributes: { device, createdAt, lastSeenAt } }) => ({
					id: toListedId(key),
					device,
					createdAt,
					lastSeenAt,
					current: key === currentKey
				}))
				.sort((a, b) => Number(b.current) - Number(a.current) || compare(b, a));
		},
		async end(token) {
			if (!TOKEN.test(token)) return;
			await lucia.invalidateSession(token);
			endings.endCredential(toSessionKey(token));
		},
		async endListed(accountId, id) {
			const listed = (await listRows(accountId)).find(({ key }) => toListedId(key) === id);
			if (listed === undefined) return 'unknown';
			await removeListed(listed);
			return 'ended';
		},
		async endAll(accountId, exceptKey) {
			for (const listed of await listRows(accountId)) {
				if (listed.key !== exceptKey) await removeListed(listed);
			}
		}
	};
}

function compare(a: { lastSeenAt: string }, b: { lastSeenAt: string }): number {
	return a.lastSeenAt < b.lastSeenAt ? -1 : Number(a.lastSeenAt > b.lastSeenAt);
}

/** What a person's list calls a session by: not what it is known by inside. */
function toListedId(key: string): string {
	return createHash('sha256').update(`listed ${key}`).digest('hex').slice(0, 32);
}
