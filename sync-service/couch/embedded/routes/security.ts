import type { OpenDatabase } from '#service/couch/embedded/databases.ts';
import type { Answer, Exchange } from '#service/couch/embedded/exchange.ts';
import { readObject, requireObject } from '#service/couch/embedded/json-body.ts';
import { isMissing, type Pouch } from '#service/couch/embedded/pouch.ts';
import { toBadRequest } from '#service/couch/embedded/protocol-error.ts';

/** Where it is kept. No checkpoint has a colon in its id, and the gateway lets none through. */
export const SECURITY_ID = '_local/outlay:security';

/** CouchDB's own default: nobody but the administrator, who is the store's only user anyway. */
const DEFAULT = { members: { roles: ['_admin'] }, admins: { roles: ['_admin'] } };

/** `GET /:db/_security` */
export async function readSecurity(_exchange: Exchange, { pouch }: OpenDatabase): Promise<Answer> {
	return { status: 200, body: (await find(pouch))?.security ?? DEFAULT };
}

/** `PUT /:db/_security` */
export async function writeSecurity(
	{ request }: Exchange,
	database: OpenDatabase
): Promise<Answer> {
	const security = await readObject(request);
	for (const group of [security.admins, security.members]) checkGroup(group);
	await database.exclusively(async () => {
		const before = await find(database.pouch);
		await database.pouch.put({
			_id: SECURITY_ID,
			...(before?._rev && { _rev: before._rev }),
			security
		});
	});
	return { status: 200, body: { ok: true } };
}

function checkGroup(group: unknown): void {
	if (group === undefined) return;
	const { names, roles } = requireObject(group, 'admins and members must be JSON objects');
	for (const list of [names, roles]) {
		if (list === undefined) continue;
		if (Array.isArray(list) && list.every((entry) => typeof entry === 'string')) continue;
		throw toBadRequest('names and roles must be JSON lists of strings');
	}
}

async function find(pouch: Pouch) {
	try {
		return await pouch.get(SECURITY_ID);
	} catch (error) {
		if (isMissing(error)) return undefined;
		throw error;
	}
}
