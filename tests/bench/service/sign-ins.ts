/**
 * How many people can sign in a second, and what everybody else feels of it meanwhile: how late the event
 * loop is, and the delay of a small request on the same process, beside the same with nobody signing in.
 *
 *     node tests/bench/service/sign-ins.ts                 # on the embedded store, a process of its own
 *     COUCH_URL=… node tests/bench/service/sign-ins.ts     # on a CouchDB
 *
 * Linux only. Whoever signs in runs on the same cores.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pauseFor } from 'node:timers/promises';
import { signIn, signUp, type Person } from '#tests/service/people.ts';
import { findFreePort } from '#tests/support/free-port.ts';
import { removePerson, spawnService } from '#tests/support/run-service.ts';
import { quantile } from '#tests/bench/quantile.ts';
import { cpuTime } from './cpu-time.ts';
import { spawnStore } from './spawn-store.ts';

const QUIET_SECONDS = 3;
const SECONDS = 10;
const AT_ONCE = 20;
/** How often prom-client looks at the event loop, in milliseconds: it counts that to the delay. */
const RESOLUTION_MS = 10;

const dataDir = await mkdtemp(join(tmpdir(), 'outlay-sign-ins-'));
const endStore = await spawnStore(dataDir);
const metricsPort = await findFreePort();
const service = await spawnService({ dataDir, env: { METRICS_PORT: String(metricsPort) } });

/** How late the event loop was since this was asked last. */
async function readLoop(): Promise<string> {
	const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
	const late = (name: string) => {
		const [, seconds] =
			new RegExp(`^nodejs_eventloop_lag_${name}_seconds (\\S+)$`, 'm').exec(text) ?? [];
		return Math.max(0, Number(seconds) * 1_000 - RESOLUTION_MS).toFixed(1);
	};
	return `event loop late by p50 ${late('p50')} ms, p99 ${late('p99')} ms`;
}

/** Sends small requests until it is over; what everybody else feels. */
async function feel(isOver: () => boolean): Promise<string> {
	const delays: number[] = [];
	await readLoop();
	while (!isOver()) {
		const began = performance.now();
		await (await fetch(`${service.url}/health/live`)).text();
		delays.push(performance.now() - began);
		await pauseFor(20);
	}
	const at = (share: number) => `${quantile(delays, share).toFixed(1)} ms`;
	return `${await readLoop()}; a small request takes p50 ${at(0.5)}, p99 ${at(0.99)}`;
}

const people: Person[] = [];
try {
	while (people.length < AT_ONCE) people.push(await signUp(service.url));
	const end = Date.now() + QUIET_SECONDS * 1_000;
	console.log(`nobody signs in: ${await feel(() => Date.now() > end)}`);
	let signIns = 0;
	let isOver = false;
	const began = performance.now();
	const before = await cpuTime(service.pid);
	const busy = people.map(async ({ email }) => {
		while (!isOver) {
			await signIn(service.url, email);
			signIns += 1;
		}
	});
	const felt = await feel(() => (isOver = performance.now() - began > SECONDS * 1_000));
	await Promise.all(busy);
	const seconds = (performance.now() - began) / 1_000;
	const cpu = ((await cpuTime(service.pid)) - before) / signIns;
	console.log(
		`${(signIns / seconds).toFixed(0)} sign-ins a second, ${cpu.toFixed(0)} ms of the service's CPU each: ${felt}`
	);
} finally {
	await service.kill();
	for (const person of people) await removePerson(person);
	await endStore();
	await rm(dataDir, { recursive: true, force: true });
}
