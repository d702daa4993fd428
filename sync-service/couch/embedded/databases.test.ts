import { mkdir, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Databases } from '#service/couch/embedded/databases.ts';
import { makeDataDir } from '#service/couch/embedded/test-store.ts';

let folder: string;
let databases: Databases;

beforeEach(async () => {
	folder = await makeDataDir();
	databases = await Databases.open(folder, 20);
});
afterEach(async () => {
	await databases.close();
	await rm(folder, { recursive: true, force: true });
});

const names = (count: number) => Array.from({ length: count }, (_, at) => `ledger-${at}`);

/** Files that this process holds open below the folder; Linux tells. */
async function countOpenFiles(): Promise<number> {
	const links = await Promise.all(
		(await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''))
	);
	return links.filter((link) => link.startsWith(folder)).length;
}

test('three hundred databases, all asked for at once, never hold more than twenty open', async () => {
	let most = 0;
	const watch = () => (most = Math.max(most, databases.openCount));
	const write = (name: string, n: number) =>
		databases.use(name, async ({ pouch }) => {
			watch();
			await pouch.bulkDocs([{ _id: `n:${n}` }], { new_edits: true });
			watch();
			return true;
		});
	const created = await Promise.all(names(300).map((name) => databases.create(name)));
	expect(created.every(Boolean)).toBe(true);
	for (let round = 0; round < 3; round++) {
		await Promise.all(names(300).map((name) => write(name, round)));
	}
	expect(most).toBeLessThanOrEqual(20);
	expect(databases.openCount).toBeLessThanOrEqual(20);
	if (process.platform === 'linux') expect(await countOpenFiles()).toBeLessThan(20 * 10);

	const counts = await Promise.all(
		names(300).map((name) =>
			databases.use(name, async ({ pouch }) => (await pouch.info()).doc_count)
		)
	);
	expect(new Set(counts)).toEqual(new Set([3]));
}, 60_000);

test('of many who make or delete the same one at the same time, one does', async () => {
	const ones = (answers: boolean[]) => answers.filter(Boolean).length;
	for (let round = 0; round < 10; round++) {
		const created = await Promise.all(Array.from({ length: 8 }, () => databases.create('ledger')));
		expect(ones(created)).toBe(1);
		const deleted = await Promise.all(Array.from({ length: 8 }, () => databases.destroy('ledger')));
		expect(ones(deleted)).toBe(1);
	}
});

test('reading, writing, making and deleting the same one in any order fails nobody', async () => {
	const work = Array.from({ length: 400 }, async (_, at) => {
		const name = `ledger-${at % 3}`;
		switch (at % 7) {
			case 0:
				return databases.create(name);
			case 3:
				return databases.destroy(name);
			default:
				return databases.use(name, ({ pouch }) =>
					pouch.bulkDocs([{ _id: `n:${at}` }], { new_edits: true })
				);
		}
	});
	const results = await Promise.allSettled(work);
	expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
	expect(await readdir(join(folder, 'trash'))).toEqual([]);
	expect((await readdir(join(folder, 'databases'))).sort()).toEqual(databases.names());
});

test('a deletion waits for who works with the database, and tells them', async () => {
	await databases.create('ledger');
	const steps: string[] = [];
	let destroyed: Promise<unknown> | undefined;
	await databases.use('ledger', async ({ pouch, gone }) => {
		const told = new Promise((resolve) => gone.addEventListener('abort', resolve));
		destroyed = databases.destroy('ledger').then(() => steps.push('deleted'));
		await told;
		await pouch.bulkDocs([{ _id: 'last' }], { new_edits: true });
		steps.push('written');
	});
	await destroyed;
	expect(steps).toEqual(['written', 'deleted']);
	expect(await databases.use('ledger', async () => true)).toBeUndefined();
});

test('one that the disk failed is opened anew', async () => {
	await databases.create('ledger');
	const first = await databases.use('ledger', async (database) => {
		database.distrust();
		return database.pouch;
	});
	const second = await databases.use('ledger', async ({ pouch }) => pouch);
	expect(second).not.toBe(first);
	expect(await second!.info()).toMatchObject({ doc_count: 0 });
});

test('what a crash left of a deletion is cleared away, and all else is found again', async () => {
	await databases.create('ledger/a');
	await databases.close();
	await mkdir(join(folder, 'trash', 'half'));
	await writeFile(join(folder, 'trash', 'half', 'x'), 'x');
	databases = await Databases.open(folder, 20);
	expect(databases.names()).toEqual(['ledger/a']);
	expect(await readdir(join(folder, 'trash'))).toEqual([]);
});

test('how far a database is, it says without being opened, and is never behind', async () => {
	const write = (name: string, id: string) =>
		databases.use(name, ({ pouch }) => pouch.bulkDocs([{ _id: id }], { new_edits: true }));
	for (const name of names(30)) {
		await databases.create(name);
		await write(name, 'first');
	}
	const sequences = async () =>
		Promise.all(names(30).map(async (name) => (await databases.state(name))?.sequence));
	const before = await sequences();
	expect(before.every((sequence) => sequence?.startsWith('1-'))).toBe(true);
	const openCount = databases.openCount;
	expect(await sequences()).toEqual(before);
	expect(databases.openCount).toBe(openCount);
	for (const name of names(30)) {
		const [, state] = await Promise.all([write(name, 'second'), databases.state(name)]);
		expect(['1', '2']).toContain(state?.sequence.split('-')[0]);
		expect(await databases.state(name)).toMatchObject({ documents: 2 });
	}
	const after = await sequences();
	expect(after.every((sequence) => sequence?.startsWith('2-'))).toBe(true);
	await databases.destroy('ledger-0');
	expect(await databases.state('ledger-0')).toBeUndefined();
	await databases.create('ledger-0');
	expect((await databases.state('ledger-0'))?.sequence).not.toBe(before[0]);
	expect(await databases.state('nowhere')).toBeUndefined();
});
