import { expect, test } from 'vitest';
import { createKnownDevices } from '#service/accounts/known-devices.ts';
import type { Rows } from '#service/accounts/rows.ts';
import { type CouchDocument, StoreUnavailable } from '#service/couch/client.ts';

/** Just enough of the accounts' database. */
function makeRows(): Rows & { away: boolean } {
	const documents = new Map<string, CouchDocument>();
	const rows = {
		away: false,
		async find(id: string) {
			if (rows.away) throw new StoreUnavailable('away');
			return documents.get(id);
		},
		async put(row: CouchDocument) {
			if (documents.has(row._id)) return 'conflict';
			documents.set(row._id, row);
			return { rev: '1-a' };
		}
	};
	return rows as unknown as Rows & { away: boolean };
}

test('a proof is good for its email alone, in every process, and not when it was touched', async () => {
	const rows = makeRows();
	const [here, there] = [createKnownDevices(rows), createKnownDevices(rows)];
	// Both make the key at the same instant.
	const [proof, other] = await Promise.all([here.makeProof('a@b.co'), there.makeProof('a@b.co')]);
	const name = await here.recognise(proof, 'a@b.co');
	expect(name).toBe(proof.split('.')[0]);
	expect(await there.recognise(proof, 'a@b.co')).toBe(name);
	expect(await here.recognise(other, 'a@b.co')).not.toBe(name);
	expect(await here.recognise(proof, 'b@b.co')).toBeUndefined();
	const forged = [
		undefined,
		'',
		'.',
		`x${proof}`,
		`${proof}x`,
		`${other.split('.')[0]}.${proof.split('.')[1]}`,
		proof.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))
	];
	for (const one of forged)
		expect([one, await here.recognise(one, 'a@b.co')]).toEqual([one, undefined]);
});

test('a store that was away is asked again', async () => {
	const rows = makeRows();
	const devices = createKnownDevices(rows);
	rows.away = true;
	await expect(devices.makeProof('a@b.co')).rejects.toThrow(StoreUnavailable);
	rows.away = false;
	expect(await devices.recognise(await devices.makeProof('a@b.co'), 'a@b.co')).toBeDefined();
});
