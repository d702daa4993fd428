import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createMetrics, type Metrics } from '#service/plugins/metrics.ts';
import type { FindAddresses } from '#service/peers/peer-address.ts';
import { createPeers } from '#service/peers/peers.ts';
import { quantile } from '#tests/bench/quantile.ts';
import { signUpAdmin } from '#tests/service/admins.ts';
import { park, readIds } from '#tests/service/parked.ts';
import { postJson, pushDocuments, signIn, signUp, toRevision } from '#tests/service/people.ts';
import { findFreePort } from '#tests/support/free-port.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';

const SECRET = 'a secret of more than thirty-two characters';
// Looking for what others wrote would wake as well.
const NEVER_MS = 1_000_000;
/** Milliseconds in which a peer's call has mostly come, on a busy machine too; one that hangs is given two seconds. */
const SOON_MS = 1_500;
/** For what comes in its own time. */
const WAIT = { timeout: 10_000 };

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
	for (const step of cleanUp.splice(0).reverse()) await step();
});

interface Options {
	/** Ports at which something else is than a service. */
	others?: number[];
	secrets?: string[];
	metrics?: Metrics[];
	/** How a name is resolved by which all are known; absent: they are known by one address. */
	find?: FindAddresses;
}

/** Services over one store, each with all of them for its peers, itself included. */
async function runPeers(
	count: number,
	{ others = [], secrets = [], metrics = [], find }: Options = {}
) {
	const ports: number[] = [];
	while (ports.length < count) ports.push(await findFreePort());
	const names = [...others, ...ports].map((port) => ({
		host: find ? 'outlay-peers' : '127.0.0.1',
		port
	}));
	const services: RunningService[] = [];
	const all = [];
	for (const [at, port] of ports.entries()) {
		const secret = secrets[at] ?? SECRET;
		const where = find ? { find } : { host: '127.0.0.1' };
		const peers = createPeers({ names, port, secret, findMs: 50, ...where });
		const service = await runService({
			parts: { longpolls: { recheckMs: NEVER_MS }, peers, metrics: metrics[at] },
			...(services[0] && { beside: services[0] })
		});
		cleanUp.push(() => service.stop());
		services.push(service);
		all.push(peers);
	}
	return { services, peers: all };
}

/** Services that know of each other. */
async function runAcquainted(count: number, options: Options = {}) {
	const { services, peers } = await runPeers(count, options);
	for (const { counts } of peers) {
		await expect.poll(() => counts().known, WAIT).toBe(count - 1);
	}
	return { services, peers };
}

/** What the accounts' database would tell a service by and by it is told no more. */
function deafen(service: RunningService): void {
	const over: PromiseWithResolvers<void> = Promise.withResolvers();
	service.store.hold = (request) =>
		request.includes(`/${service.store.accountsDatabase}/_changes`) ? over.promise : undefined;
	cleanUp.push(() => over.resolve());
}

test('a write at one wakes the devices at all others', async () => {
	const { services, peers } = await runAcquainted(3);
	const [here, there, elsewhere] = services as [RunningService, RunningService, RunningService];
	const ann = await signUp(here.url);
	const bob = await signUp(here.url);
	const [tablet, laptop] = [await park(ann, there.url), await park(ann, elsewhere.url)];
	const other = await park(bob, there.url);
	await pushDocuments(ann, toRevision('a'));
	for (const device of [tablet, laptop]) expect(await readIds(device)).toEqual(['a']);
	expect(await Promise.race([other.answer, 'still parked'])).toBe('still parked');
	// Told by one, and passed on by nobody.
	await expect.poll(() => peers.map(({ counts }) => counts().wakes), WAIT).toEqual([0, 1, 1]);
});

test('processes that a name resolves to by several addresses are told once', async () => {
	const isVersion6 = Object.values(networkInterfaces()).some((all) =>
		all?.some(({ address }) => address === '::1')
	);
	const addresses = ['127.0.0.1', ...(isVersion6 ? ['::1'] : [])];
	const { services, peers } = await runAcquainted(2, { find: async () => addresses });
	const [here, there] = services as [RunningService, RunningService];
	const ann = await signUp(here.url);
	const parked = await park(ann, there.url);
	// Until each knows who is behind which address.
	const leastHeard = () => Math.min(...peers.map(({ counts }) => counts().heard));
	await expect.poll(leastHeard, WAIT).toBeGreaterThanOrEqual(2 * addresses.length);
	await pushDocuments(ann, toRevision('a'));
	expect(await readIds(parked)).toEqual(['a']);
	await pushDocuments(ann, toRevision('b'));
	await expect.poll(() => peers.map(({ counts }) => counts().wakes), WAIT).toEqual([0, 2]);
});

test('who comes and who leaves is known by the name', async () => {
	let addresses: string[] = [];
	const { services, peers } = await runPeers(2, { find: async () => addresses });
	const [here, there] = services as [RunningService, RunningService];
	const ann = await signUp(here.url);
	const known = () => peers.map(({ counts }) => counts().known);
	expect(known()).toEqual([0, 0]);
	addresses = ['127.0.0.1'];
	await expect.poll(known, WAIT).toEqual([1, 1]);
	const parked = await park(ann, there.url);
	await pushDocuments(ann, toRevision('a'));
	expect(await readIds(parked)).toEqual(['a']);
	addresses = [];
	await expect.poll(known, WAIT).toEqual([0, 0]);
});

test('a session that ends at one ends its longpoll at another, and no other', async () => {
	const { services } = await runAcquainted(2);
	const [here, there] = services as [RunningService, RunningService];
	const ann = await signUp(here.url);
	const laptop = await signIn(here.url, ann.email);
	const [mine, other] = [await park(ann, there.url), await park(laptop, there.url)];
	deafen(there);
	await ann.send('/api/session', { method: 'DELETE' });
	expect(await readIds(mine)).toEqual([]);
	expect(await Promise.race([other.answer, 'still parked'])).toBe('still parked');
	const again = await fetch(`${there.url}/api/session`, { headers: { cookie: ann.cookie } });
	expect(again.status).toBe(401);
});

test('a changed password ends at another what the other sessions hold open', async () => {
	const { services } = await runAcquainted(2);
	const [here, there] = services as [RunningService, RunningService];
	const ann = await signUp(here.url);
	const laptop = await signIn(here.url, ann.email);
	const parked = await park(laptop, there.url);
	deafen(there);
	const body = { password: 'correct horse battery', newPassword: 'staple battery horse' };
	expect((await ann.ask('PUT', '/api/account/password', body)).status).toBe(204);
	expect(await readIds(parked)).toEqual([]);
	const again = await fetch(`${there.url}/api/session`, { headers: { cookie: laptop.cookie } });
	expect(again.status).toBe(401);
});

test('a quota that is set at one holds at another at once', async () => {
	const { services } = await runAcquainted(2);
	const [here, there] = services as [RunningService, RunningService];
	const ada = await signUpAdmin(here);
	const ann = await signUp(here.url);
	let count = 0;
	const write = async () => {
		const docs = [toRevision(`doc ${count++}`)];
		const headers = { cookie: ann.cookie };
		const url = `${there.url}/sync/${ann.ledgerId}/_bulk_docs`;
		return (await postJson(url, { docs, new_edits: false }, headers)).status;
	};
	// From here on the ledger's row is remembered there, for seconds.
	expect(await write()).toBe(201);
	const change = { quota: { documents: 1, bytes: null } };
	const changed = await ada.ask('PATCH', `/api/admin/accounts/${ann.accountId}`, change);
	expect(changed.status).toBe(200);
	await expect.poll(write, { timeout: 3_000 }).toBe(507);
});

/** Something that listens and is no service; resolves with its port and what is connected to it. */
async function listen(onConnection: (socket: Socket) => void) {
	const sockets = new Set<Socket>();
	const server: Server = createServer((socket) => {
		sockets.add(socket);
		socket.on('error', () => {}).on('close', () => sockets.delete(socket));
		onConnection(socket);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	cleanUp.push(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	return { port: (server.address() as { port: number }).port, sockets };
}

test('peers that are away, hang, answer garbage or never come to an end delay nobody', async () => {
	const hanging = await listen(() => {});
	const garbage = await listen((socket) => socket.end('good evening\r\n\r\n'));
	const endless = await listen((socket) => {
		socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
		const timer = setInterval(() => socket.write('4\r\nmore\r\n'), 10);
		socket.on('close', () => clearInterval(timer));
	});
	const others = [await findFreePort(), hanging.port, garbage.port, endless.port];
	const { services } = await runAcquainted(2, { others });
	const [here, there] = services as [RunningService, RunningService];
	const ann = await signUp(here.url);
	const delays: number[] = [];
	for (let round = 0; round < 5; round++) {
		const parked = await park(ann, there.url, '&since=now');
		const since = performance.now();
		await pushDocuments(ann, toRevision(`of round ${round}`));
		expect(await readIds(parked)).toEqual([`of round ${round}`]);
		delays.push(performance.now() - since);
	}
	expect(quantile(delays, 0.5)).toBeLessThan(SOON_MS);
	await here.close();
});

test('a burst of writes is few calls', async () => {
	const { services, peers } = await runAcquainted(2);
	const [here] = services as [RunningService];
	const people = await Promise.all(Array.from({ length: 5 }, () => signUp(here.url)));
	const before = peers[0]?.counts().heard ?? 0;
	const since = performance.now();
	await Promise.all(
		Array.from({ length: 100 }, (_, at) => pushDocuments(people[at % 5]!, toRevision(`doc ${at}`)))
	);
	const seconds = (performance.now() - since) / 1000;
	// Forty calls a second at most, and one that is on its way.
	expect((peers[0]?.counts().heard ?? 0) - before).toBeLessThanOrEqual(40 * seconds + 2);
});

test('who has another secret is neither heard nor told', async () => {
	const { services, peers } = await runPeers(2, { secrets: [SECRET, 'x'.repeat(40)] });
	const [here] = services as [RunningService];
	const ann = await signUp(here.url);
	await pushDocuments(ann, toRevision('a'));
	await expect.poll(() => peers[0]?.counts().failed, WAIT).toBeGreaterThan(0);
	expect(peers.map(({ counts }) => counts().known)).toEqual([0, 0]);
	expect(peers[1]?.counts().wakes).toBe(0);
});

test('Prometheus is told how it goes', async () => {
	const metrics = [createMetrics(), createMetrics()];
	const { services } = await runAcquainted(2, { metrics });
	const [here] = services as [RunningService];
	await pushDocuments(await signUp(here.url), toRevision('a'));
	await expect.poll(() => metrics[1]!.read(), WAIT).toContain('outlay_peer_wakes_total 1');
	const text = await metrics[0]!.read();
	expect(text).toContain('outlay_peers 1');
	expect(text).toMatch(/# TYPE outlay_peer_calls_total counter\noutlay_peer_calls_total [1-9]/);
	expect(text).toMatch(/outlay_peer_calls_failed_total \d/);
	// It is read as it stands, however often.
	expect(await metrics[1]!.read()).toContain('outlay_peer_wakes_total 1');
});

test('nothing of it is at the public address', async () => {
	const { services } = await runPeers(1);
	const [here] = services as [RunningService];
	for (const path of ['/news', '/peers', '/api/news']) {
		const headers = { 'content-type': 'application/json' };
		const asked = await fetch(here.url + path, { method: 'POST', headers, body: '{}' });
		expect([404, 405]).toContain(asked.status);
		expect(asked.headers.get('x-outlay-process')).toBeNull();
	}
});
