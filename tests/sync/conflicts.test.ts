import { expect, test } from 'vitest';
import { anExpense } from '#tests/support/an-expense.ts';
import { aDatabase, aDevice, leavesOf, type TestDevice } from '#tests/support/devices.ts';
import type { LocalDatabase } from '#lib/storage/open-database.ts';

interface Pair {
	a: TestDevice;
	b: TestDevice;
	server: LocalDatabase;
	id: string;
	/** Replicates and settles until nothing moves any more; returns how many rounds it took. */
	quiet(): Promise<number>;
}

/** Two devices and a server that all have one entry. */
async function twoDevices(): Promise<Pair> {
	const server = aDatabase();
	const [a, b] = [aDevice(), aDevice()];
	const result = await a.repository.createTransaction(anExpense());
	if (!result.ok) throw new Error(result.problem);
	await a.syncWith(server);
	await b.syncWith(server);
	const quiet = async (): Promise<number> => {
		for (let round = 1; ; round++) {
			const before = await sequences(a, b, server);
			for (const device of [a, b]) {
				await device.syncWith(server);
				await device.settle();
			}
			if ((await sequences(a, b, server)) === before) return round;
			if (round > 10) throw new Error('The devices never come to rest');
		}
	};
	return { a, b, server, id: result.id, quiet };
}

async function sequences(a: TestDevice, b: TestDevice, server: LocalDatabase): Promise<string> {
	const infos = await Promise.all([a.database.info(), b.database.info(), server.info()]);
	return infos.map(({ update_seq }) => update_seq).join(' ');
}

test('an edit on each device survives on both', async () => {
	const { a, b, server, id, quiet } = await twoDevices();
	await a.repository.change(id, { amountMinor: 1300 });
	await b.repository.change(id, { note: 'with coffee' });
	await quiet();
	for (const device of [a, b]) {
		expect(await device.read(id)).toMatchObject({ amountMinor: 1300, note: 'with coffee' });
	}
	expect(await leavesOf(server, id)).toHaveLength(1);
});

test('of two edits to one field the later wins, and the other value stays in the history', async () => {
	const { a, b, id, quiet } = await twoDevices();
	await a.repository.change(id, { amountMinor: 1300 });
	await b.repository.change(id, { amountMinor: 1400 });
	await quiet();
	const [onA, onB] = [await a.read(id), await b.read(id)];
	expect(onA.amountMinor).toBe(1400);
	expect(onA.history?.map(({ value }) => value.amountMinor)).toEqual([1300, 1250]);
	expect(onB).toEqual(onA);
});

test('two devices that settle at the same time write the same revision', async () => {
	const { a, b, server, id } = await twoDevices();
	await a.repository.change(id, { amountMinor: 1300 });
	await b.repository.change(id, { note: 'with coffee' });
	for (const device of [a, b, a]) await device.syncWith(server);
	await Promise.all([a.settle(), b.settle()]);
	expect((await a.read(id))._rev).toBe((await b.read(id))._rev);
	await a.syncWith(server);
	await b.syncWith(server);
	expect(await leavesOf(server, id)).toHaveLength(1);
});

test('a delete on one device and an edit on the other: deleted, with the edit, and restorable', async () => {
	const { a, b, id, quiet } = await twoDevices();
	await a.repository.trash([id]);
	await b.repository.change(id, { amountMinor: 1400 });
	await quiet();
	expect(await b.read(id)).toMatchObject({ amountMinor: 1400 });
	expect((await b.read(id)).deletedAt).not.toBeNull();
	await b.repository.restore([id]);
	await quiet();
	expect(await a.read(id)).toMatchObject({ amountMinor: 1400, deletedAt: null });
});

test('stopped between its two writes, settling is finished by the next start', async () => {
	const { a, b, server, id, quiet } = await twoDevices();
	await a.repository.change(id, { amountMinor: 1300 });
	await b.repository.change(id, { note: 'with coffee' });
	await b.syncWith(server);
	await a.syncWith(server);
	const bulkDocs = a.database.bulkDocs;
	a.database.bulkDocs = function (this: unknown, docs: unknown, ...rest: unknown[]) {
		// The merge itself is a `put`, which hands an object over; an array is the losers' removal.
		if (Array.isArray(docs)) return Promise.reject(new Error('The tab was closed'));
		return Reflect.apply(bulkDocs, this, [docs, ...rest]) as never;
	} as typeof bulkDocs;
	await expect(a.settle()).rejects.toThrow('The tab was closed');
	a.database.bulkDocs = bulkDocs;
	expect(await leavesOf(a.database, id)).toHaveLength(2);
	await quiet();
	for (const database of [a.database, b.database, server]) {
		expect(await leavesOf(database, id)).toHaveLength(1);
	}
	expect(await b.read(id)).toMatchObject({ amountMinor: 1300, note: 'with coffee' });
});

test('a conflict with a version that a newer app wrote is left to the newer app', async () => {
	const { a, b, server, id } = await twoDevices();
	await a.repository.change(id, { amountMinor: 1300 });
	await b.database.put({ ...(await b.read(id)), version: 99, mood: 'happy' });
	for (const device of [a, b, a]) await device.syncWith(server);
	await a.settle();
	expect(await leavesOf(a.database, id)).toHaveLength(2);
});

test('three devices offline for long come to the same entry within a bounded number of rounds', async () => {
	const { a, b, server, id, quiet } = await twoDevices();
	const c = aDevice(() => Date.now() + 86_400_000);
	await c.syncWith(server);
	for (let edit = 0; edit < 5; edit++) {
		await a.repository.change(id, { amountMinor: 2000 + edit });
		await b.repository.change(id, { note: `b${edit}` });
		await c.repository.change(id, { payee: `c${edit}` });
	}
	await c.syncWith(server);
	await c.settle();
	// Two rounds a device at the most: each sees the others' edits, then the others' merges.
	expect(await quiet()).toBeLessThanOrEqual(6);
	await c.syncWith(server);
	const documents = await Promise.all([a, b, c].map((device) => device.read(id)));
	expect(documents[0]).toMatchObject({ amountMinor: 2004, note: 'b4', payee: 'c4' });
	expect(documents[1]).toEqual(documents[0]);
	expect(documents[2]).toEqual(documents[0]);
});
