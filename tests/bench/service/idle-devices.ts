/**
 * What an idle device costs: 10,000 parked longpolls on one process, by the memory that each adds, and by the CPU
 * time of their heartbeats (one in ten seconds each).
 *
 *     node tests/bench/service/idle-devices.ts [devices]                # on the embedded store
 *     COUCH_URL=… node tests/bench/service/idle-devices.ts [devices]    # on a CouchDB
 *
 * The store runs in a process of its own, so that its memory is not counted; garbage is collected before
 * memory is read. Linux only.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pauseFor } from 'node:timers/promises';
import { signUp, type Person } from '#tests/service/people.ts';
import { removePerson, spawnService } from '#tests/support/run-service.ts';
import { findFreePort } from '#tests/support/free-port.ts';
import { cpuTime } from './cpu-time.ts';
import { heldMemory } from './held-memory.ts';
import { spawnStore } from './spawn-store.ts';

/** The largest that a device may cost, in bytes. */
const TARGET = 16 * 1024;
/** People, each with the same number of devices: hashing a password each would take minutes. */
const PEOPLE = 200;
const AT_ONCE = 100;
/** How long the CPU time of doing nothing is counted. */
const IDLE_SECONDS = 20;
/** What the first devices cost is the process getting into its stride: they are left out. */
const FIRST_SHARE = 0.2;

const devices = Number(process.argv[2] ?? 10_000);
const agent = new Agent({ keepAlive: true, maxSockets: Infinity });

/** Parks a longpoll. Resolves when its headers have come: it waits then. */
async function park(person: Person): Promise<IncomingMessage> {
	const request = get(`${person.ledgerUrl}/_changes?feed=longpoll&heartbeat=10000`, {
		agent,
		headers: { cookie: person.cookie }
	});
	const [response] = (await once(request, 'response')) as [IncomingMessage];
	response.resume();
	return response;
}

async function parkAll(people: readonly Person[], from: number, to: number): Promise<void> {
	for (let at = from; at < to; at += AT_ONCE) {
		const some = Array.from({ length: Math.min(AT_ONCE, to - at) }, (_, more) => at + more);
		await Promise.all(some.map((device) => park(people[device % people.length] as Person)));
	}
}

const dataDir = await mkdtemp(join(tmpdir(), 'outlay-idle-'));
const endStore = await spawnStore(dataDir);
const inspector = await findFreePort();
const service = await spawnService({
	dataDir,
	env: { NODE_OPTIONS: `--inspect=127.0.0.1:${inspector}` }
});
const people: Person[] = [];
try {
	while (people.length < PEOPLE) people.push(await signUp(service.url));
	const first = Math.round(devices * FIRST_SHARE);
	await parkAll(people, 0, first);
	const before = await heldMemory(service.pid, inspector);
	await parkAll(people, first, devices);
	const after = await heldMemory(service.pid, inspector);
	const cpuBefore = await cpuTime(service.pid);
	await pauseFor(IDLE_SECONDS * 1_000);
	const core = ((await cpuTime(service.pid)) - cpuBefore) / IDLE_SECONDS / 1_000;
	const each = (after - before) / (devices - first);
	console.log(
		`${devices} idle devices of ${PEOPLE} people: ${(after / 2 ** 20).toFixed(0)} MiB in all, ` +
			`${(each / 1024).toFixed(1)} KiB each (target ≤ ${TARGET / 1024}): ${each <= TARGET ? 'met' : 'MISSED'}; ` +
			`${(100 * core).toFixed(0)} % of a core while nobody writes`
	);
} finally {
	await service.kill();
	for (const person of people) await removePerson(person);
	await endStore();
	await rm(dataDir, { recursive: true, force: true });
}
