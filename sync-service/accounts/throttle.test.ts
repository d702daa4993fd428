import { expect, test } from 'vitest';
import type { Rows } from '#service/accounts/rows.ts';
import { type Counter, createThrottle } from '#service/accounts/throttle.ts';
import type { CouchDocument } from '#service/couch/client.ts';

interface TestRows extends Rows {
	documents: Map<string, CouchDocument>;
	reads: number;
	writes: number;
}

/** Just enough of the accounts' database; every answer takes a turn of the loop. */
function makeRows(): TestRows {
	const turn = () => new Promise((resolve) => setImmediate(resolve));
	const documents = new Map<string, CouchDocument>();
	const rows = {
		documents,
		reads: 0,
		writes: 0,
		async find(id: string) {
			rows.reads++;
			await turn();
			return documents.get(id);
		},
		findMany: (ids: readonly string[]) => Promise.all(ids.map((id) => rows.find(id))),
		async put(row: CouchDocument) {
			await turn();
			if (documents.get(row._id)?._rev !== row._rev) return 'conflict';
			rows.writes++;
			documents.set(row._id, { ...row, _rev: `${rows.writes}-a` });
			return { rev: `${rows.writes}-a` };
		}
	};
	return rows as unknown as TestRows;
}

const toCounter = (key: string, most = 3): Counter => ({
	kind: 'test',
	key,
	most,
	windowMs: 60_000
});

test('of a crowd as many are let through as are left, at little cost', async () => {
	const rows = makeRows();
	const throttle = createThrottle(rows);
	let through = 0;
	await Promise.all(
		Array.from({ length: 1000 }, async () => {
			const attempt = await throttle.begin([toCounter('a')]);
			if (attempt.waitSeconds !== undefined) return;
			through++;
			await attempt.end(true);
		})
	);
	expect(through).toBe(3);
	expect([...rows.documents.values()]).toMatchObject([{ count: 3 }]);
	expect(rows.reads).toBeLessThan(20);
	expect(await throttle.begin([toCounter('a')])).toMatchObject({ waitSeconds: 60 });
});

test('what does not count is not written, and makes room again', async () => {
	const rows = makeRows();
	const throttle = createThrottle(rows);
	for (let count = 0; count < 10; count++) {
		const attempt = await throttle.begin([toCounter('a')]);
		if (attempt.waitSeconds !== undefined) throw new Error('Held back.');
		await attempt.end(false);
	}
	expect(rows.writes).toBe(0);
});

test('the strictest of several counters decides, and a refusal uses up none of them', async () => {
	const throttle = createThrottle(makeRows());
	const counters = [toCounter('wide', 5), toCounter('narrow', 1)];
	expect(await throttle.take(counters)).toBeUndefined();
	for (let count = 0; count < 10; count++) {
		expect(await throttle.take(counters)).toMatchObject({ waitSeconds: 60 });
	}
	for (let count = 0; count < 4; count++) {
		expect(await throttle.take([toCounter('wide', 5)])).toBeUndefined();
	}
	expect(await throttle.take([toCounter('wide', 5)])).toMatchObject({ waitSeconds: 60 });
});

test('a window ends', async () => {
	const rows = makeRows();
	const throttle = createThrottle(rows);
	await throttle.take([toCounter('a', 1)]);
	expect(await throttle.take([toCounter('a', 1)])).toBeDefined();
	for (const [id, row] of rows.documents) rows.documents.set(id, { ...row, until: 1 });
	// Another process, which knows only what is in the store.
	expect(await createThrottle(rows).take([toCounter('a', 1)])).toBeUndefined();
	expect([...rows.documents.values()]).toMatchObject([{ count: 1 }]);
});

test('many processes that fail at the same instant are all counted', async () => {
	const rows = makeRows();
	const processes = Array.from({ length: 4 }, () => createThrottle(rows));
	await Promise.all(processes.map((throttle) => throttle.take([toCounter('a', 100)])));
	expect([...rows.documents.values()]).toMatchObject([{ count: 4 }]);
});

test('tens of thousands of keys are counted right, and forgotten in memory', async () => {
	const rows = makeRows();
	const throttle = createThrottle(rows);
	for (let from = 0; from < 45_000; from += 1000) {
		await Promise.all(
			Array.from({ length: 1000 }, (_, at) => throttle.take([toCounter(`${from + at}`, 1)]))
		);
	}
	expect(rows.documents.size).toBe(45_000);
	// Forgotten, and known to the store.
	expect(await throttle.take([toCounter('0', 1)])).toBeDefined();
}, 60_000);
