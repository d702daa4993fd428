import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEmbeddedStore } from '#service/couch/embedded/start-embedded-store.ts';
import { StoreBusy } from '#service/couch/embedded/store-lock.ts';
import {
	makeDataDir,
	readAuthorization,
	toAsk,
	type Ask
} from '#service/couch/embedded/test-store.ts';
import { findRunningStore, readStoreFile } from '#service/couch/store-file.ts';

const program = fileURLToPath(import.meta.resolve('#service/store.ts'));

let dataDir: string;
const children = new Set<ChildProcess>();

beforeEach(async () => {
	dataDir = await makeDataDir();
});
afterEach(async () => {
	for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
	children.clear();
	await rm(dataDir, { recursive: true, force: true });
});

interface Started {
	child: ChildProcess;
	ask: Ask;
	epoch: string;
	said: () => string;
}

/** The store as `npm run store` runs it, once it has said its line. */
async function start(): Promise<Started> {
	const child = spawn(process.execPath, [program], {
		env: { ...process.env, DATA_DIR: dataDir, NODE_OPTIONS: '' },
		stdio: ['ignore', 'pipe', 'pipe']
	});
	children.add(child);
	let said = '';
	child.stderr!.on('data', (piece) => (said += piece));
	const exit = once(child, 'exit').then(() => {
		throw new Error(`The store ended: ${said}`);
	});
	// Expected later on, when the test ends it.
	exit.catch(() => undefined);
	const [line] = await Promise.race([once(child.stdout!, 'data'), exit]);
	const url = /http:\S+/.exec(String(line))![0];
	const ask = toAsk(url, await readAuthorization(dataDir));
	return { child, ask, epoch: (await ask('GET', '/')).body.uuid, said: () => said };
}

async function end(child: ChildProcess, signal: NodeJS.Signals) {
	const exit = once(child, 'exit');
	child.kill(signal);
	return (await exit)[0] as number | null;
}

test('a clean stop keeps the epoch, takes the store file away and says nothing', async () => {
	const first = await start();
	await first.ask('PUT', '/ledger');
	const file = await readStoreFile(dataDir);
	expect(file).toMatchObject({ pid: first.child.pid, url: expect.stringContaining('127.0.0.1') });
	expect((await stat(join(dataDir, 'store.json'))).mode & 0o777).toBe(0o600);
	expect(await findRunningStore(dataDir)).toMatchObject({ url: file!.url });

	expect(await end(first.child, 'SIGTERM')).toBe(0);
	expect(first.said()).toBe('');
	expect(await readStoreFile(dataDir)).toBeUndefined();

	const second = await start();
	expect(second.epoch).toBe(first.epoch);
	expect((await second.ask('GET', '/_all_dbs')).body).toEqual(['ledger']);
	expect(await end(second.child, 'SIGINT')).toBe(0);
});

test('two signals, as from a terminal, still end it cleanly', async () => {
	const { child, epoch } = await start();
	child.kill('SIGINT');
	expect(await end(child, 'SIGINT')).toBe(0);
	expect((await start()).epoch).toBe(epoch);
});

test('kill -9 under load loses nothing acknowledged, and makes a new epoch', async () => {
	const first = await start();
	const names = ['ledger-a', 'ledger-b', 'ledger-c', 'ledger-d'];
	for (const name of names) await first.ask('PUT', `/${name}`);

	const acknowledged = new Map<string, string>();
	let enough!: () => void;
	const loaded = new Promise<void>((resolve) => (enough = resolve));
	const writers = names.map(async (name) => {
		for (let n = 0; ; n++) {
			const id = `transaction:${n}`;
			const path = `/${name}/${encodeURIComponent(id)}`;
			try {
				const { status, body } = await first.ask('PUT', path, { n });
				expect(status).toBe(201);
				acknowledged.set(path, body.rev);
			} catch {
				// Killed in the middle: this one was never acknowledged.
				return;
			}
			if (acknowledged.size >= 800) enough();
		}
	});
	await loaded;
	await end(first.child, 'SIGKILL');
	await Promise.all(writers);
	// Left behind, and nobody there: not a running store.
	expect(await readStoreFile(dataDir)).toBeDefined();
	expect(await findRunningStore(dataDir)).toBeUndefined();

	const second = await start();
	expect(second.epoch).not.toBe(first.epoch);
	const kept = new Map<string, string>();
	for (const name of names) {
		const { body } = await second.ask('GET', `/${name}/_all_docs`);
		for (const { id, value } of body.rows) {
			kept.set(`/${name}/${encodeURIComponent(id)}`, value.rev);
		}
	}
	const lost = [...acknowledged].filter(([path, rev]) => kept.get(path) !== rev);
	expect(lost).toEqual([]);
	expect(acknowledged.size).toBeGreaterThanOrEqual(800);
});

test('a second store on the same folder is refused in plain words, until the first has ended', async () => {
	const first = await start();
	await expect(start()).rejects.toThrow(
		`The store ended: Another store is already running on ${dataDir}. ` +
			'Stop that one first, or use another DATA_DIR.\n'
	);
	await expect(startEmbeddedStore({ dataDir })).rejects.toThrow(StoreBusy);
	expect((await first.ask('GET', '/_up')).status).toBe(200);
	expect((await findRunningStore(dataDir))?.url).toBeDefined();

	await end(first.child, 'SIGKILL');
	const second = await startEmbeddedStore({ dataDir });
	await expect(startEmbeddedStore({ dataDir })).rejects.toThrow(StoreBusy);
	await Promise.all([second.stop(), second.stop()]);
	const third = await startEmbeddedStore({ dataDir });
	await third.stop();
});
