/**
 * What one expense costs the store with two devices in live sync, and how soon the other device has it, at the
 * same process and at another one.
 *
 *     node tests/bench/service/expense.ts [expenses at another process]    # on the embedded store
 *     COUCH_URL=… node tests/bench/service/expense.ts     # on a CouchDB
 */
import { generateLargeLedger } from '#tests/support/large-ledger.ts';
import { runService, type RunningService } from '#tests/support/run-service.ts';
import { openDevice } from '#tests/service/devices.ts';
import { signIn, signUp } from '#tests/service/people.ts';
import { quantile } from '#tests/bench/quantile.ts';
import { goLive, measureAcrossProcesses, see } from './across-processes.ts';

const EXPENSES = 40;
/** Those that are written at one process and read at another: where none tells the other each takes seconds. */
const ACROSS = Number(process.argv[2] ?? 40);

/** Two devices in live sync: what an expense costs the store, and when the other device has it. */
async function measureExpenses(service: RunningService): Promise<void> {
	const person = await signUp(service.url);
	const [phone, laptop] = [openDevice(), openDevice()];
	const ends = [
		await goLive(phone, person),
		await goLive(laptop, await signIn(service.url, person.email))
	];
	const [first, ...transactions] = generateLargeLedger(EXPENSES).transactions;
	const delays: number[] = [];
	if (first !== undefined) await see(laptop, phone, first);
	service.store.requests.length = 0;
	for (const transaction of transactions) {
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
await measureAcrossProcesses(ACROSS);
