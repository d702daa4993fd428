import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pauseFor } from 'node:timers/promises';
import PouchDB from 'pouchdb';
import { endSync, openDevice, openRemote } from '#tests/service/devices.ts';
import { signIn, signUp, type Person } from '#tests/service/people.ts';
import { findFreePort } from '#tests/support/free-port.ts';
import { removePerson, spawnService } from '#tests/support/run-service.ts';
import { quantile } from '#tests/bench/quantile.ts';
import { spawnStore } from './spawn-store.ts';

/** The longest that nothing is written, in milliseconds: looks for changes come at any time between two writes. */
const PAUSE_MS = 4_000;

/**
 * Two devices in live sync, each at a process of its own over one store: how soon one has what the other wrote,
 * where the processes tell each other and where they only look.
 */
export async function measureAcrossProcesses(expenses: number): Promise<void> {
	for (const told of [true, false]) {
		const delays = await measure(expenses, told);
		console.log(
			`the other device at another process, ${told ? 'with' : 'without'} PEERS: p50 ${quantile(delays, 0.5).toFixed(0)} ms, p95 ${quantile(delays, 0.95).toFixed(0)} ms (${expenses} expenses)`
		);
	}
}

async function measure(expenses: number, told: boolean): Promise<number[]> {
	const dataDir = await mkdtemp(join(tmpdir(), 'outlay-across-'));
	const endStore = await spawnStore(dataDir);
	const ports = [await findFreePort(), await findFreePort()];
	const services = await Promise.all(
		ports.map((port) => {
			const peers = {
				PEERS: ports.map((one) => `127.0.0.1:${one}`).join(' '),
				PEER_PORT: String(port),
				PEER_HOST: '127.0.0.1',
				PEER_SECRET: 'a secret of more than thirty-two characters'
			};
			return spawnService({ dataDir, env: told ? peers : {} });
		})
	);
	try {
		const [here, there] = services.map(({ url }) => url) as [string, string];
		const person = await signUp(here);
		const [phone, laptop] = [openDevice(), openDevice()];
		const ends = [
			await goLive(phone, person),
			await goLive(laptop, await signIn(there, person.email))
		];
		const delays: number[] = [];
		for (let count = 0; count < expenses; count++) {
			// Also for as long as it takes until both are at rest.
			await pauseFor(500 + Math.random() * PAUSE_MS);
			delays.push(await see(laptop, phone, { _id: `transaction:${count}`, amount: 100 * count }));
		}
		for (const end of ends) await end();
		await removePerson(person);
		return delays;
	} finally {
		for (const service of services) await service.kill();
		await endStore();
		await rm(dataDir, { recursive: true, force: true });
	}
}

/** Begins live sync; resolves, once there is nothing more to do, with the way to end it. */
export async function goLive(
	device: PouchDB.Database,
	person: Person
): Promise<() => Promise<void>> {
	const sync = PouchDB.sync(device, openRemote(person).database, { live: true, retry: true });
	const paused = Promise.withResolvers<unknown>();
	sync.once('paused', paused.resolve);
	await paused.promise;
	return () => endSync(sync);
}

/** Writes on one device; milliseconds until the other has it. */
export async function see(
	reader: PouchDB.Database,
	writer: PouchDB.Database,
	document: { _id: string; amount?: number }
): Promise<number> {
	const seen: PromiseWithResolvers<void> = Promise.withResolvers();
	const changes = reader.changes({ since: 'now', live: true });
	changes.on('change', ({ id }) => id === document._id && seen.resolve());
	const began = performance.now();
	await writer.put(document);
	await seen.promise;
	const ms = performance.now() - began;
	changes.cancel();
	return ms;
}
