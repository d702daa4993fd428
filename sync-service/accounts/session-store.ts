import { createHash } from 'node:crypto';
import type { AccountStore } from '#service/accounts/account-store.ts';
import type { CouchDocument } from '#service/couch/client.ts';

/** What is kept of a session: never its token. */
interface SessionRow extends CouchDocument {
	userId: string;
	/** An instant in ISO 8601. */
	expiresAt: string;
}

export interface SessionFields {
	id: string;
	userId: string;
	expiresAt: Date;
	attributes: object;
}

export interface UserFields {
	id: string;
	attributes: { email: string; ledgerId: string };
}

/** What Lucia asks of an adapter, in our own words. */
export interface SessionStore {
	getSessionAndUser(token: string): Promise<[SessionFields | null, UserFields | null]>;
	/** Their `id` is the document's, not the token, which nobody knows any more. */
	getUserSessions(accountId: string): Promise<SessionFields[]>;
	setSession(session: SessionFields): Promise<void>;
	updateSessionExpiration(token: string, expiresAt: Date): Promise<void>;
	deleteSession(token: string): Promise<void>;
	deleteUserSessions(accountId: string): Promise<void>;
	deleteExpiredSessions(): Promise<void>;
}

/** How often a write that met a newer revision is tried again. */
const ATTEMPTS = 5;

/** Hashes a token: what it is known by everywhere but in the cookie. */
export function toSessionKey(token: string): string {
	return createHash('sha256').update(token).digest('hex');
}

/**
 * Keeps sessions beside the accounts, in the form Lucia asks of an adapter. The token is
 * `<accountId>.<random>`, so that an account's sessions can be listed though only hashes are kept.
 */
export function createSessionStore({ rows, findAccount }: AccountStore): SessionStore {
	function toDocumentId(token: string): string {
		return `session:${token.slice(0, token.indexOf('.'))}:${toSessionKey(token)}`;
	}

	/** Applies `change` to the current revision until nothing newer is in the way. */
	async function withCurrent(
		id: string,
		change: (row: SessionRow & { _rev: string }) => Promise<unknown>
	): Promise<void> {
		for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
			const row = await rows.find<SessionRow>(id);
			if (row?._rev === undefined) return;
			if ((await change({ ...row, _rev: row._rev })) !== 'conflict') return;
		}
		throw new Error('A session row kept changing under our hands.');
	}

	function removeRow(id: string): Promise<void> {
		return withCurrent(id, (row) => rows.remove(id, row._rev));
	}

	async function removeWhere(prefix: string, isOver: (row: SessionRow) => boolean): Promise<void> {
		for (const row of await rows.list<SessionRow>(prefix)) {
			if (isOver(row)) await removeRow(row._id);
		}
	}

	const isExpired = (row: SessionRow) => Date.parse(row.expiresAt) <= Date.now();

	return {
		async getSessionAndUser(token) {
			const row = await rows.find<SessionRow>(toDocumentId(token));
			if (row === undefined) return [null, null];
			const session = toFields(token, row);
			const account = await findAccount(row.userId);
			if (account === undefined) return [session, null];
			const { email, ledgerId } = account;
			return [session, { id: row.userId, attributes: { email, ledgerId } }];
		},
		async getUserSessions(accountId) {
			const listed = await rows.list<SessionRow>(`session:${accountId}:`);
			return listed.map((row) => toFields(row._id, row));
		},
		async setSession(session) {
			const { userId, expiresAt } = session;
			await rows.put({
				_id: toDocumentId(session.id),
				userId,
				expiresAt: expiresAt.toISOString()
			});
		},
		updateSessionExpiration(token, expiresAt) {
			return withCurrent(toDocumentId(token), (row) =>
				rows.put({ ...row, expiresAt: expiresAt.toISOString() })
			);
		},
		deleteSession: (token) => removeRow(toDocumentId(token)),
		deleteUserSessions: (accountId) => removeWhere(`session:${accountId}:`, () => true),
		deleteExpiredSessions: () => removeWhere('session:', isExpired)
	};
}

function toFields(id: string, row: SessionRow): SessionFields {
	return { id, userId: row.userId, expiresAt: new Date(row.expiresAt), attributes: {} };
}
