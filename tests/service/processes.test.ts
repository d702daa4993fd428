import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PouchDB from 'pouchdb';
import { afterEach, expect, test } from 'vitest';
import { quantile } from '#tests/bench/quantile.ts';
import { endSync, openDevice, openRemote, waitForDocument } from '#tests/service/devices.ts';
import { park, readIds } from '#tests/service/parked.ts';
import { type Person, pushDocuments, signUp, toRevision } from '#tests/service/people.ts';
import { findFreePort } from '#tests/support/free-port.ts';
import { removePerson, type ServiceProcess, spawnService } from '#tests/support/run-service.ts';

const SECRET = 'a secret of more than thirty-two characters';
/**
 * Milliseconds in which a peer's call has mostly come, on a busy machine too; a longpoll that begins now is looked at
 * after three seconds.
 */
const SOON_MS = 1_500;
const ROUNDS = 5;

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
	for (const step of cleanUp.splice(0).reverse()) await step();
});

/** The processes of one service on one store, as an operator starts them. The first has the embedded store. */
async function makeCluster(count: number) {
	const folder = await mkdtemp(join(tmpdir(), 'outlay-peers-'));
	cleanUp.push(() => rm(folder, { recursive: true, force: true }));
	const secretFile = join(folder, 'secret');
	await writeFile(secretFile, `${SECRET}\n`);
	const peerPorts: number[] = [];
	while (peerPorts.length < count) peerPorts.push(await findFreePort());
	let dataDir: string | undefined;

	return async function start(at: number) {
		const metricsPort = await findFreePort();
		const service = await spawnService({
			...(dataDir && { dataDir }),
			env: {
				PEERS: peerPorts.map((port) => `127.0.0.1:${port}`).join(' '),
				PEER_PORT: String(peerPorts[at]),
				PEER_HOST: '127.0.0.1',
				...(at === 0 ? { PEER_SECRET: SECRET } : { PEER_SECRET_FILE: secretFile }),
				METRICS_PORT: String(metricsPort)
			}
		});
		cleanUp.push(() => service.clean());
		dataDir ??= service.dataDir;
		const countPeers = async () => {
			const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
			return Number(/^outlay_peers (\d+)$/m.exec(text)?.[1]);
		};
		return { ...service, countPeers };
	};
}

/** Who knows their way about: their account is no news to a process that starts later. */
async function signUpEarly(service: ServiceProcess): Promise<Person> {
	const person = await signUp(service.url);
	cleanUp.push(() => removePerson(person));
	return person;
}

test('a write wakes the devices at the other processes, whatever becomes of one of them', async () => {
	const start = await makeCluster(3);
	const here = await start(0);
	const ann = await signUpEarly(here);
	const [there, elsewhere] = [await start(1), await start(2)];
	for (const { countPeers } of [here, there, elsewhere]) {
		await expect.poll(countPeers, { timeout: 20_000 }).toBe(2);
	}
	let written = 0;
	/** Writes here, several times; milliseconds that it mostly takes until it is answered, and until devices have it. */
	const write = async (...at: ServiceProcess[]) => {
		const [answers, delays]: [number[], number[]] = [[], []];
		for (let round = 0; round < ROUNDS; round++) {
			const id = `doc ${written++}`;
			const parked = await Promise.all(at.map(({ url }) => park(ann, url, '&since=now')));
			const since = performance.now();
			await pushDocuments(ann, toRevision(id));
			answers.push(performance.now() - since);
			for (const one of parked) expect(await readIds(one)).toEqual([id]);
			delays.push(performance.now() - since);
		}
		return Math.max(quantile(answers, 0.5), quantile(delays, 0.5));
	};
	expect(await write(there, elsewhere)).toBeLessThan(SOON_MS);
	process.kill(elsewhere.pid, 'SIGSTOP');
	expect(await write(there)).toBeLessThan(SOON_MS);
	await elsewhere.kill();
	expect(await write(there)).toBeLessThan(SOON_MS);

	const again = await start(2);
	await expect.poll(here.countPeers, { timeout: 20_000 }).toBe(2);
	expect(await write(there, again)).toBeLessThan(SOON_MS);
}, 90_000);

/** What stands before the processes: who comes goes to the one it is told to send them to. */
async function balance(first: ServiceProcess) {
	let to = first;
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
		const onward = connect(Number(new URL(to.url).port), '127.0.0.1');
		onward.on('error', () => socket.destroy()).on('close', () => socket.destroy());
		socket.on('close', () => onward.destroy());
		onward.pipe(socket);
		socket.pipe(onward);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	cleanUp.push(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return { url, sendTo: (service: ServiceProcess) => void (to = service) };
}

/** A write half of which has arrived; resolves with the way to send the rest, and the answer. */
async function beginWrite(person: Person, service: ServiceProcess) {
	const body = JSON.stringify({ docs: [toRevision('slow')], new_edits: false });
	const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
	await once(socket, 'connect');
	socket.write(
		[
			`POST /sync/${person.ledgerId}/_bulk_docs HTTP/1.1`,
			'host: 127.0.0.1',
			`cookie: ${person.cookie}`,
			'content-type: application/json',
			`content-length: ${body.length}`,
			'expect: 100-continue',
			'',
			''
		].join('\r\n')
	);
	// It is told to go on: the request has arrived.
	await once(socket, 'data');
	socket.write(body.slice(0, 20));
	return async () => {
		socket.write(body.slice(20));
		const [answer] = (await once(socket, 'data')) as [Buffer];
		socket.destroy();
		return answer.toString();
	};
}

test('a process that is told to stop answers all who wait, and their devices go on at another', async () => {
	const start = await makeCluster(2);
	const stays = await start(0);
	const people: Person[] = [];
	while (people.length < 4) people.push(await signUpEarly(stays));
	const [ann] = people as [Person];
	const ends = await start(1);

	const balancer = await balance(ends);
	const device = openDevice();
	const remote = openRemote({ ...ann, ledgerUrl: `${balancer.url}/sync/${ann.ledgerId}` });
	const sync = PouchDB.sync(device, remote.database, { live: true, retry: true });
	const complaints: unknown[] = [];
	sync.on('error', (error) => complaints.push(error));
	sync.on('denied', (error) => complaints.push(error));
	await pushDocuments(ann, toRevision('before'));
	await waitForDocument(device, 'before');

	const positions = await Promise.all(
		people.map(async ({ send, ledgerId }) => {
			const response = await send(`/sync/${ledgerId}/_changes`);
			return ((await response.json()) as { last_seq: string }).last_seq;
		})
	);
	const parked = await Promise.all(
		Array.from({ length: 200 }, (_, at) => {
			const since = encodeURIComponent(positions[at % people.length]!);
			return park(people[at % people.length]!, ends.url, `&since=${since}`);
		})
	);
	const finishWrite = await beginWrite(ann, ends);

	const toldAt = performance.now();
	const askedBefore = remote.answers.length;
	const code = ends.end('SIGTERM');
	for (const [at, { answer }] of parked.entries()) {
		const { results, last_seq } = await answer;
		expect(results).toEqual([]);
		// Where it leaves the device, nothing has been passed over.
		const { send, ledgerId } = people[at % people.length]!;
		if (at >= people.length) continue;
		const since = encodeURIComponent(String(last_seq));
		const next = await send(`/sync/${ledgerId}/_changes?since=${since}`);
		expect(await next.json()).toMatchObject({ results: [] });
	}
	expect((await fetch(`${ends.url}/health/ready`)).status).toBe(503);
	expect((await fetch(`${ends.url}/health/live`)).status).toBe(200);
	// Not ready: nobody is sent there any more.
	balancer.sendTo(stays);
	expect(await finishWrite()).toMatch(/^HTTP\/1\.1 201 /);
	expect(await code).toBe(0);
	// Five seconds for those who are being answered, and a little for the rest.
	expect(performance.now() - toldAt).toBeLessThan(15_000);

	await pushDocuments(ann, toRevision('after'));
	await waitForDocument(device, 'after');
	await waitForDocument(device, 'slow');
	await endSync(sync);
	expect(complaints).toEqual([]);
	const { answers } = remote;
	expect(answers.filter(({ status }) => ![200, 201, 404].includes(status))).toEqual([]);
	// Turned away, it came back a few times and not without end.
	expect(answers.length - askedBefore).toBeLessThan(40);
}, 90_000);
