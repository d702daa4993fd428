/**
 * What one expense costs the store with two devices in live sync, and how soon the other device has it.
 *
 *     node tests/bench/service/expense.ts                 # on the embedded store
 *     COUCH_URL=… node tests/bench/service/expense.ts     # on a CouchDB
 */
import PouchDB from 'pouchdb';
import { generateLargeLedger } from '#tests/support/large-ledger.ts';
import { runService, type RunningService } from '#tests/support/run-service.ts';
import { endSync, openDevice, openRemote } from '#tests/service/devices.ts';
import { signIn, signUp, type Person } from '#tests/service/people.ts';
import { quantile } from '#tests/bench/quantile.ts';

const EXPENSES = 40;

/** Two devices in live sync: what an expense costs the store, and when the other device has it. */
async function measureExpenses(service: RunningService): Promise<void> {
	const person = await signUp(service.url);
	const [phone, laptop] = [openDevice(), openDevice()];
	const ends = [
		await goLive(phone, person),
		await goLive(laptop, await signIn(service.url, person.email))
	];
	const { transactions } = generateLargeLedger(EXPENSES);
	const delays: number[] = [];
	await see(laptop, phone, transactions[0]);
	service.store.requests.length = 0;
	for (const transaction of transactions.slice(1)) {
		delays.push(await see(laptop, phone, transaction));
		await untilQuiet(service);
	}
	const { requests } = service.store;
	const each = (wanted: RegExp) =>
		(requests.filter((request) => wanted.test(request)).length / delays.length).toFixed(1);
	console.log(
		`an expense, two devices: ${each(/./)} requests to the store, of which writes: ${each(/_bulk_docs/)} of documents, ${each(/^PUT .*_local/)} of checkpoints`
	);
	console.log(
		`written on one device, visible on the other after: p50 ${quantile(delays, 0.5).toFixed(0)} ms, p95 ${quantile(delays, 0.95).toFixed(0)} ms`
	);
	for (const end of ends) await end();
}

/** Begins live sync; resolves, once there is nothing more to do, with the way to end it. */
async function goLive(device: PouchDB.Database, person: Person): Promise<() => Promise<void>> {
	const sync = PouchDB.sync(device, openRemote(person).database, { live: true, retry: true });
	const paused = Promise.withResolvers<unknown>();
	sync.once('paused', paused.resolve);
	await paused.promise;
	return () => endSync(sync);
}

/** Writes on one device; milliseconds until the other has it. */
async function see(
	reader: PouchDB.Database,
	writer: PouchDB.Database,
	document: { _id: string } | undefined
): Promise<number> {
	if (document === undefined) throw new Error('No document');
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

/** Resolves when the checkpoints that follow a write have been written. */
async function untilQuiet({ store }: RunningService): Promise<void> {
	for (let before = -1; before !== store.requests.length;) {
		before = store.requests.length;
		await new Promise((resolve) => setTimeout(resolve, 150));
	}
}

const service = await runService({ parts: { longpolls: { recheckMs: 1_000_000 } } });
try {
	await measureExpenses(service);
} finally {
	await service.stop();
}
