import { createHash } from 'node:crypto';
import { type Account, type AccountRow, toAccount } from '#service/accounts/account-store.ts';
import type { Rows } from '#service/accounts/rows.ts';
import { type CouchDocument, StoreUnavailable } from '#service/couch/client.ts';

/** What is said of a session beside whose it is and how long it lasts. Instants are in ISO 8601. */
export interface SessionFacts {
	/** In a person's words. */
	device: string;
	createdAt: string;
	lastSeenAt: string;
	/** The account's era in which it was made. */
	era: number;
}

/** What is kept of a session: never its token. What older rows lack is absent. */
export interface SessionRow extends CouchDocument, Partial<SessionFacts> {
	userId: string;
	/** An instant in ISO 8601. */
	expiresAt: string;
}

export interface SessionFields {
	id: string;
	userId: string;
	expiresAt: Date;
	attributes: SessionFacts;
}

export interface UserFields {
	id: string;
	attributes: { account: Account };
}

/** What Lucia asks of an adapter, in our own words, and what our lists of sessions need besides. */
export interface SessionStore {
	getSessionAndUser(token: string): Promise<[SessionFields | null, UserFields | null]>;
	/** Their `id` is the document's, not the token, which nobody knows any more. */
	getUserSessions(accountId: string): Promise<SessionFields[]>;
	setSession(session: SessionFields): Promise<void>;
	updateSessionExpiration(token: string, expiresAt: Date): Promise<void>;
	deleteSession(token: string): Promise<void>;
	deleteUserSessions(accountId: string): Promise<void>;
	/** Removes none: the sweep does, a few at a time. */
	deleteExpiredSessions(): Promise<void>;
	/** Notes when a session was last seen; what was written meanwhile stands. */
	touch(token: string, lastSeenAt: string): Promise<void>;
	/** Removes one that was listed. */
	removeListed(documentId: string): Promise<void>;
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
export function createSessionStore(rows: Rows): SessionStore {
	const toAccountId = (token: string) => token.slice(0, token.indexOf('.'));
	const toDocumentId = (token: string) => `session:${toAccountId(token)}:${toSessionKey(token)}`;

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
		throw new StoreUnavailable('a session row kept changing under our hands');
	}

	function removeRow(id: string): Promise<void> {
		return withCurrent(id, (row) => rows.remove(id, row._rev));
	}

	return {
		async getSessionAndUser(token) {
			const accountId = toAccountId(token);
			const ids = [toDocumentId(token), `account:${accountId}`];
			const [row, accountRow] = await rows.findMany<SessionRow | AccountRow>(ids);
			if (row === undefined) return [null, null];
			const session = toFields(token, row as SessionRow);
			const account = toAccount(accountId, accountRow as AccountRow | undefined);
			// Without its user Lucia takes a session for over.
			if (account === undefined || !isGoodFor(session, account)) return [session, null];
			return [session, { id: accountId, attributes: { account } }];
		},
		async getUserSessions(accountId) {
			const listed = await rows.list<SessionRow>(`session:${accountId}:`);
			return listed.map((row) => toFields(row._id, row));
		},
		async setSession({ id, userId, expiresAt, attributes }) {
			await rows.put({
				_id: toDocumentId(id),
				userId,
				expiresAt: expiresAt.toISOString(),
				...attributes
			});
		},
		updateSessionExpiration(token, expiresAt) {
			return withCurrent(toDocumentId(token), (row) =>
				rows.put({ ...row, expiresAt: expiresAt.toISOString() })
			);
		},
		async touch(token, lastSeenAt) {
			const row = await rows.find<SessionRow>(toDocumentId(token));
			if (row !== undefined) await rows.put({ ...row, lastSeenAt });
		},
		deleteSession: (token) => removeRow(toDocumentId(token)),
		removeListed: removeRow,
		async deleteUserSessions(accountId) {
			for (const row of await rows.list<SessionRow>(`session:${accountId}:`)) {
				await removeRow(row._id);
			}
		},
		deleteExpiredSessions: async () => {}
	};
}

/** Whether a session still holds for its account. */
export function isGoodFor({ attributes }: SessionFields, account: Account): boolean {
	return attributes.era === (account.sessionEra ?? 0);
}

function toFields(id: string, row: SessionRow): SessionFields {
	const { userId, device = 'An unknown device', era = 0 } = row;
	const expiresAt = new Date(row.expiresAt);
	// Rows of old say neither; they are at least as old as this.
	const createdAt = row.createdAt ?? '2026-01-01T00:00:00.000Z';
	const lastSeenAt = row.lastSeenAt ?? createdAt;
	return { id, userId, expiresAt, attributes: { device, createdAt, lastSeenAt, era } };
}
