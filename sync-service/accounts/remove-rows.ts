import type { Endings } from '#service/accounts/endings.ts';
import type { Rows } from '#service/accounts/rows.ts';

/** How often a removal that met a newer revision is tried again. */
const ATTEMPTS = 5;

/** Removes a row, if it is there. @throws {StoreUnavailable} */
export async function removeRow(rows: Rows, id: string): Promise<void> {
	for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
		const row = await rows.find(id);
		if (row?._rev === undefined) return;
		if ((await rows.remove(id, row._rev)) === 'removed') return;
	}
}

/** Removes all rows whose ids begin with `prefix` and end in a credential's key, and ends those. @throws {StoreUnavailable} */
export async function removeRows(rows: Rows, prefix: string, endings: Endings): Promise<void> {
	for (const { _id, _rev } of await rows.list(prefix)) {
		if (_rev !== undefined) await rows.remove(_id, _rev);
		endings.endCredential(_id.slice(_id.lastIndexOf(':') + 1));
	}
}
