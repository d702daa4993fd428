import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Invite, NewInvite } from '#contract/admin.ts';
import type { Invites } from '#service/accounts/invites.ts';
import type { Rows } from '#service/accounts/rows.ts';
import { type CouchDocument, StoreUnavailable } from '#service/couch/client.ts';

/** An invitation that is kept until its time is up, used or not. Instants are in ISO 8601. */
export interface InviteRow extends CouchDocument {
	/** Who alone may use it. */
	email?: string;
	createdAt: string;
	expiresAt: string;
	/** A sign-up's own mark: it is used, or about to be. */
	takenBy?: string;
}

/** Invitations, as admins see them. */
export interface OpenInvites extends Invites {
	/** @throws {StoreUnavailable} */
	make(email: string | undefined): Promise<NewInvite>;
	/** Those that are still good, the newest first. @throws {StoreUnavailable} */
	list(): Promise<Invite[]>;
	/** `'unknown'` for one that is used, too. @throws {StoreUnavailable} */
	revoke(id: string): Promise<'revoked' | 'unknown'>;
}

const PREFIX = 'invite:';
const LASTING_MS = 14 * 24 * 60 * 60_000;
const CODE_BYTES = 16;
const ID = /^[0-9a-f]{64}$/;
/** How often a write that met a newer revision is tried again. */
const ATTEMPTS = 5;

export function createInvites(rows: Rows): OpenInvites {
	const find = (id: string) => rows.find<InviteRow>(PREFIX + id);

	/** Does `change` with the row as it is now, until nothing newer is in the way. */
	async function withCurrent<T>(
		id: string,
		change: (row: InviteRow | undefined) => Promise<T | 'conflict'>
	): Promise<T> {
		for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
			const outcome = await change(await find(id));
			if (outcome !== 'conflict') return outcome;
		}
		throw new StoreUnavailable('an invitation kept changing under our hands');
	}

	return {
		async make(email) {
			const code = randomBytes(CODE_BYTES).toString('base64url');
			const id = toId(code);
			const now = Date.now();
			const row: InviteRow = {
				_id: PREFIX + id,
				...(email !== undefined && { email }),
				createdAt: new Date(now).toISOString(),
				expiresAt: new Date(now + LASTING_MS).toISOString()
			};
			await rows.put(row);
			return { ...toInvite(row), code };
		},
		async list() {
			const listed = await rows.list<InviteRow>(PREFIX);
			return listed
				.filter(isOpen)
				.sort((a, b) => Number(a.createdAt < b.createdAt) - Number(a.createdAt > b.createdAt))
				.map(toInvite);
		},
		async revoke(id) {
			if (!ID.test(id)) return 'unknown';
			return withCurrent(id, async (row) => {
				if (row?._rev === undefined || !isOpen(row)) return 'unknown';
				return (await rows.remove(row._id, row._rev)) === 'conflict' ? 'conflict' : 'revoked';
			});
		},
		async take(code, email) {
			// Without a mark of its own, two who take it at once would write the same, and both seem to have it.
			const takenBy = randomUUID();
			return withCurrent(toId(code), async (row) => {
				if (row?.takenBy === takenBy) return 'taken';
				if (row === undefined || !isOpen(row)) return 'invalid';
				if (row.email !== undefined && row.email !== email) return 'invalid';
				return (await rows.put({ ...row, takenBy })) === 'conflict' ? 'conflict' : 'taken';
			});
		},
		async giveBack(code) {
			await withCurrent(toId(code), async (row) => {
				if (row?.takenBy === undefined) return 'done';
				const { takenBy: _, ...open } = row;
				return (await rows.put(open)) === 'conflict' ? 'conflict' : 'done';
			});
		}
	};
}

/** What a code is kept and listed by. A plain SHA-256 will do: the code is 128 random bits. */
function toId(code: string): string {
	return createHash('sha256').update(code).digest('hex');
}

function isOpen({ takenBy, expiresAt }: InviteRow): boolean {
	return takenBy === undefined && Date.parse(expiresAt) > Date.now();
}

function toInvite({ _id, email, createdAt, expiresAt }: InviteRow): Invite {
	const id = _id.slice(PREFIX.length);
	return { id, ...(email !== undefined && { email }), createdAt, expiresAt };
}
