import { randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import type { CouchClient } from '#service/couch/client.ts';
import { startTestStore } from '#service/couch/embedded/test-store.ts';
import { findRunningStore } from '#service/couch/store-file.ts';
import { openStore } from '#service/open-store.ts';
import { ParkedLongpolls, type Waking } from '#service/replication/parked-longpolls.ts';
import { park, readIds } from '#tests/service/parked.ts';
import { pushDocuments, signUp, toRevision } from '#tests/service/people.ts';
import { startFakeCloudant } from '#tests/support/fake-cloudant.ts';
import { runService } from '#tests/support/run-service.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
	for (const step of cleanUp.splice(0).reverse()) await step();
});

/** A Cloudant's databases have copies, which are looked at more often. */
const isOneCopy = process.env.STORE !== 'fake-cloudant';
const LEDGERS = isOneCopy ? 120 : 20;
const PERIOD_MS = 200;

test('idle ledgers are asked about a hundred at a time, and a write past the service is found', async () => {
	const { store, stop } = await runService();
	cleanUp.push(stop);
	const parked = new ParkedLongpolls(PERIOD_MS);
	cleanUp.push(() => parked.drain());
	const wakings: Promise<Waking>[] = [];
	const databases: string[] = [];
	for (let count = 0; count < LEDGERS; count++) {
		const database = `ledger-${randomBytes(16).toString('hex')}`;
		await store.provisioner.createDatabase(database);
		databases.push(database);
	}
	for (const database of databases) {
		const owner = { sessionKey: database, accountId: database };
		const watch = parked.watch(database, { client: store.client, database }, owner);
		watch.beginRead();
		wakings.push(
			new Promise((wake) => {
				const never = { deadline: Infinity, nextBeat: Infinity, beat: () => {} };
				watch.park({ since: '0', asOf: 0, ...never, wake });
			})
		);
	}
	const count = (wanted: RegExp) => store.requests.filter((one) => wanted.test(one)).length;
	const questions = () => count(/^POST \/_dbs_info$/);
	const looks = () => count(/^GET \/ledger-\w+\/_changes/);
	// Nothing is known of them at first.
	await expect.poll(looks, { timeout: 20_000 }).toBeGreaterThanOrEqual(LEDGERS);
	await expect.poll(() => parked.recheckLagMs, { timeout: 20_000 }).toBeLessThan(2 * PERIOD_MS);

	const [questionsBefore, looksBefore] = [questions(), looks()];
	const since = performance.now();
	await expect
		.poll(questions, { interval: 10, timeout: 20_000 })
		.toBeGreaterThan(questionsBefore + 10);
	const periods = (performance.now() - since) / PERIOD_MS;
	expect(questions() - questionsBefore).toBeLessThanOrEqual(
		Math.ceil(LEDGERS / 100) * (periods + 1) + 1
	);
	if (isOneCopy) expect(looks() - looksBefore).toBe(0);

	const chosen = Math.floor(LEDGERS * 0.77);
	const written = databases[chosen]!;
	await store.real.client.put(written, { _id: 'elsewhere' });
	expect(await wakings[chosen]).toBe('written');
	const others = Promise.race(wakings.filter((_, at) => at !== chosen));
	expect(await Promise.race([others, 'still parked'])).toBe('still parked');
}, 60_000);

test('a change that lags behind its state is found once it is told of', async () => {
	const behind = await startTestStore();
	cleanUp.push(() => behind.stop());
	const cloudant = await startFakeCloudant((await findRunningStore(behind.dataDir))!);
	cleanUp.push(() => cloudant.stop());
	const { url, tokenUrl, username, password } = cloudant;
	const credentials = { url, apiKey: undefined, username, password };
	const source = { couchUrl: undefined, cloudant: { credentials, tokenUrl }, dataDir: '' };
	const { client } = await openStore(source, () => {});
	await behind.ask('PUT', '/ledger');
	cloudant.faults.lag = 1;
	await behind.ask('PUT', '/ledger/written', {});

	const requests: string[] = [];
	const watched: CouchClient = {
		...client,
		request(method, path, options) {
			requests.push(path);
			return client.request(method, path, options);
		}
	};
	const parked = new ParkedLongpolls(50);
	cleanUp.push(() => parked.drain());
	const owner = { sessionKey: 'session', accountId: 'account' };
	const watch = parked.watch('ledger', { client: watched, database: 'ledger' }, owner);
	watch.beginRead();
	const read = await client.request('GET', '/ledger/_changes');
	const { results, last_seq: since } = (await read.json()) as { results: []; last_seq: string };
	expect(results).toEqual([]);
	const waking = new Promise<Waking>((wake) => {
		const never = { deadline: Infinity, nextBeat: Infinity, beat: () => {} };
		watch.park({ since, asOf: 0, ...never, wake });
	});
	// Its state is known and has been looked after, in vain.
	const questions = () => requests.filter((path) => path === '/_dbs_info').length;
	await expect.poll(questions, { timeout: 10_000 }).toBeGreaterThan(3);
	expect(requests.filter((path) => path.includes('/_changes')).length).toBeGreaterThan(0);
	expect(await Promise.race([waking, 'still parked'])).toBe('still parked');
	cloudant.faults.lag = 0;
	expect(await waking).toBe('written');
});

// How soon, the re-check's own tests say by their own clock: within its period.
test('a write at another process is seen where none tells the other', async () => {
	const here = await runService();
	cleanUp.push(() => here.stop());
	const there = await runService({ beside: here });
	cleanUp.push(() => there.stop());
	const ann = await signUp(here.url);
	// The account is new, which ends what waits: not here.
	const over: PromiseWithResolvers<void> = Promise.withResolvers();
	cleanUp.push(() => over.resolve());
	there.store.hold = (request) =>
		request.includes(`/${there.store.accountsDatabase}/_changes`) ? over.promise : undefined;
	const parked = await park(ann, there.url);
	await pushDocuments(ann, toRevision('a'));
	expect(await readIds(parked)).toEqual(['a']);
});
