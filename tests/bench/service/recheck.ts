/**
 * What it costs to look for changes of 10,000 ledgers that somebody waits for and nobody writes to: requests to
 * the store, and how late the event loop is meanwhile; then the same without `_dbs_info`.
 *
 *     node tests/bench/service/recheck.ts [ledgers] [seconds]                # on the embedded store
 *     COUCH_URL=… node tests/bench/service/recheck.ts [ledgers] [seconds]    # on a CouchDB
 *
 * The store runs in a process of its own. Making ten thousand databases takes minutes.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pauseFor } from 'node:timers/promises';
import type { CouchClient } from '#service/couch/client.ts';
import { openStore } from '#service/open-store.ts';
import { ParkedLongpolls } from '#service/replication/parked-longpolls.ts';
import { spawnStore } from './spawn-store.ts';

const ledgers = Number(process.argv[2] ?? 10_000);
const seconds = Number(process.argv[3] ?? 30);
/** As the service has it. */
const PERIOD_MS = 3_000;
const AT_ONCE = 8;

const dataDir = await mkdtemp(join(tmpdir(), 'outlay-recheck-'));
const endStore = await spawnStore(dataDir);
const { client, provisioner } = await openStore(
	{ dataDir, couchUrl: process.env.COUCH_URL },
	console.error
);
const databases = Array.from(
	{ length: ledgers },
	() => `ledger-${randomBytes(16).toString('hex')}`
);
let requests = 0;

/** The store, asked and counted. */
function countRequests(refusesInfos: boolean): CouchClient {
	return {
		...client,
		async request(method, path, options) {
			if (refusesInfos && path === '/_dbs_info') return new Response('{}', { status: 404 });
			requests++;
			return client.request(method, path, options);
		}
	};
}

async function forEach(work: (database: string) => Promise<void>): Promise<void> {
	const next = databases[Symbol.iterator]();
	const workOn = async () => {
		for (const database of next) await work(database);
	};
	await Promise.all(Array.from({ length: AT_ONCE }, workOn));
}

/** Parks a longpoll for each ledger; they are idle for a while. */
async function measure(name: string, refusesInfos: boolean): Promise<void> {
	const counted = countRequests(refusesInfos);
	const parked = new ParkedLongpolls(PERIOD_MS);
	await forEach(async (database) => {
		const owner = { sessionKey: database, accountId: database };
		const watch = parked.watch(database, { client: counted, database }, owner);
		watch.beginRead();
		const response = await client.request('GET', `/${database}/_changes?limit=1`);
		const { last_seq: since } = (await response.json()) as { last_seq: unknown };
		const never = { deadline: Infinity, nextBeat: Infinity, beat: () => {}, wake: () => {} };
		watch.park({ since, asOf: 0, ...never });
	});
	// Until each has been looked at for the first time.
	await pauseFor(3 * PERIOD_MS);
	requests = 0;
	const delay = monitorEventLoopDelay({ resolution: 5 });
	const before = process.cpuUsage();
	let lagMs = 0;
	delay.enable();
	for (let second = 0; second < seconds; second++) {
		await pauseFor(1_000);
		lagMs = Math.max(lagMs, parked.recheckLagMs);
	}
	delay.disable();
	const { user, system } = process.cpuUsage(before);
	console.log(
		`${ledgers} idle ledgers, ${name}: ${(requests / seconds).toFixed(1)} requests a second, ` +
			`${((user + system) / seconds / 10_000).toFixed(1)} % of a core, ` +
			`event loop late by p50 ${(delay.percentile(50) / 1e6 - 5).toFixed(1)} ms, p99 ${(delay.percentile(99) / 1e6 - 5).toFixed(1)} ms, ` +
			`looked at after ${(lagMs / 1000).toFixed(1)} s at most`
	);
	parked.drain();
}

try {
	await forEach(async (database) => void (await provisioner.createDatabase(database)));
	await measure('a hundred a question', false);
	await measure('a question each', true);
} finally {
	await forEach((database) => provisioner.destroyDatabase(database));
	await endStore();
	await rm(dataDir, { recursive: true, force: true });
}
