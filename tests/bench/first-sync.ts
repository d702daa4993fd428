/**
 * The first sync of a new device, through the gateway, in real Chromium with its storage on the disk.
 *
 * Three ways in the same run, each in a profile of its own: the floor (one answer with everything in it,
 * written to IndexedDB as it is), PouchDB's replication as it comes, and our first pull to the end of its
 * hand-over. Machines are noisy; the ratios are what to look at, each of neighbouring runs: the floor is
 * taken before and after ours.
 *
 *     node tests/bench/first-sync.ts [entries …]      # 10000 and 100000 unless told
 *     COUCH_URL=… node tests/bench/first-sync.ts      # on a CouchDB in the place of the embedded store
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays } from '#lib/domain/calendar-day.ts';
import type { StoredDocument } from '#lib/storage/open-database.ts';
import { writeStartingDocuments } from '#lib/storage/starting-ledger.ts';
import { PASSWORD, signUp, type Person } from '#tests/service/people.ts';
import { launchProfile } from '#tests/support/browser.ts';
import { memoryDatabase } from '#tests/support/devices.ts';
import { fillLedger, withRevision } from '#tests/support/filled-ledger.ts';
import { generateLargeLedger } from '#tests/support/large-ledger.ts';
import { bundlePage, type PageBundle } from '#tests/support/page-bundle.ts';
import { removePerson, spawnService, type ServiceProcess } from '#tests/support/run-service.ts';
import type { FirstSyncPage, Outcome } from './first-sync-page.ts';

/** What the targets are: at most so many times the floor, at least so many times as fast as the defaults. */
const TARGET = { floor: 2.5, defaults: 2.7 };
/** Up to so many entries each way is run several times, beyond that once. */
const OFTEN = 20_000;
const RUNS = 5;
/** The last day of the ledger, and how many days back "the newest months" reach. */
const LAST_DAY = '2026-11-22';
const NEWEST_DAYS = 92;

type Way = keyof FirstSyncPage;

interface Bench {
	service: ServiceProcess;
	bundle: PageBundle;
	person: Person;
	/** The ids of the entries of the newest months. */
	newest: string[];
}

async function fill(person: Person, count: number): Promise<string[]> {
	const days = Math.max(365, Math.round((count / 100_000) * 3652));
	const { transactions } = generateLargeLedger(count, { until: LAST_DAY, days });
	const documents = transactions.map((transaction) => withRevision(transaction, 1));
	await fillLedger(person, await startingRevisions());
	await fillLedger(person, documents, 250);
	const first = addDays(LAST_DAY, -NEWEST_DAYS);
	return transactions.filter(({ spentOn }) => spentOn > first).map(({ _id }) => _id);
}

/** What every device puts into a new ledger, under the revisions that they all compute. */
async function startingRevisions(): Promise<StoredDocument[]> {
	const database = memoryDatabase();
	await writeStartingDocuments(database);
	const { rows } = await database.allDocs({ include_docs: true });
	return rows.flatMap((row) => ('doc' in row && row.doc ? [row.doc] : []));
}

/** Runs one way in a new profile of its own, on a page of the service's origin. */
async function run(way: Way, { service, bundle, person, newest }: Bench): Promise<Outcome> {
	const folder = await mkdtemp(join(tmpdir(), 'outlay-profile-'));
	const profile = await launchProfile(folder);
	try {
		const page = await profile.newPage();
		await page.route(`${service.url}/bench/**`, async (route) => {
			const path = route.request().url().slice(`${service.url}/bench/`.length);
			await route.fulfill({ response: await page.request.fetch(bundle.url + path) });
		});
		await page.route(`${service.url}/entry.js`, async (route) => {
			await route.fulfill({ response: await page.request.fetch(`${bundle.url}entry.js`) });
		});
		await page.goto(`${service.url}/bench/`);
		await page.waitForFunction(() => window.ready);
		// Playwright looks at every request for as long as there is a route.
		await page.unrouteAll();
		const ledgerUrl = await page.evaluate(
			async ({ email, password }) => {
				const response = await fetch('/api/session', {
					method: 'POST',
					headers: { 'content-type': 'application/json' },
					body: JSON.stringify({ email, password })
				});
				const { ledger } = (await response.json()) as { ledger: { id: string } };
				return `${location.origin}/sync/${ledger.id}`;
			},
			{ email: person.email, password: PASSWORD }
		);
		return await page.evaluate(
			({ way, ledgerUrl, newest }) => window.firstSync[way](ledgerUrl, newest),
			{ way, ledgerUrl, newest }
		);
	} finally {
		await profile.close();
		await rm(folder, { recursive: true, force: true });
	}
}

function median(values: number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** One run of each way, the floor before and after ours. */
interface Round extends Record<Way, Outcome> {
	floorAfter: Outcome;
}

async function runRound(bench: Bench, count: number): Promise<Round> {
	const measure = async (way: Way): Promise<Outcome> => {
		const outcome = await run(way, bench);
		if (outcome.documents < count) throw new Error(`${way}: ${outcome.documents} of ${count}`);
		return outcome;
	};
	const floor = await measure('floor');
	const ours = await measure('ours');
	const floorAfter = await measure('floor');
	const defaults = await measure('defaults');
	return { floor, ours, floorAfter, defaults };
}

function show(name: string, outcomes: Outcome[]): void {
	const ms = median(outcomes.map((outcome) => outcome.ms));
	const [first] = outcomes;
	console.log(
		`  ${name.padEnd(14)} ${ms.toFixed(0).padStart(7)} ms  ${String(first?.requests).padStart(6)} requests  ${first?.documents} documents`
	);
}

async function compare(bench: Bench, count: number): Promise<void> {
	const rounds: Round[] = [];
	while (rounds.length < (count > OFTEN ? 1 : RUNS)) rounds.push(await runRound(bench, count));
	show(
		'the floor',
		rounds.flatMap(({ floor, floorAfter }) => [floor, floorAfter])
	);
	show(
		'our first pull',
		rounds.map(({ ours }) => ours)
	);
	show(
		'the defaults',
		rounds.map(({ defaults }) => defaults)
	);
	const newest = median(rounds.map(({ ours }) => ours.newestMs ?? NaN));
	const share = median(rounds.map(({ ours }) => (100 * (ours.newestMs ?? NaN)) / ours.ms));
	console.log(
		`  the newest ${NEWEST_DAYS} days (${bench.newest.length} entries) are there after ${newest.toFixed(0)} ms, ${share.toFixed(0)} % of the way`
	);
	const toFloor = median(
		rounds.map(({ floor, ours, floorAfter }) => (2 * ours.ms) / (floor.ms + floorAfter.ms))
	);
	const toDefaults = median(rounds.map(({ ours, defaults }) => defaults.ms / ours.ms));
	const isMet = toFloor <= TARGET.floor && toDefaults >= TARGET.defaults;
	console.log(
		`  ${toFloor.toFixed(2)}× the floor (target ≤ ${TARGET.floor}), ${toDefaults.toFixed(2)}× as fast as the defaults (target ≥ ${TARGET.defaults}): ${isMet ? 'met' : 'MISSED'}`
	);
}

const asked = process.argv.slice(2).map(Number);
const bundle = await bundlePage(join(import.meta.dirname, 'first-sync-page.ts'), true);
const service = await spawnService();
try {
	for (const count of asked.length > 0 ? asked : [10_000, 100_000]) {
		const person = await signUp(service.url);
		try {
			const newest = await fill(person, count);
			console.log(
				`${count} entries, ${process.env.COUCH_URL ? 'CouchDB' : 'the embedded store'}, ${count > OFTEN ? 'one run' : `medians of ${RUNS} runs`}`
			);
			await compare({ service, bundle, person, newest }, count);
		} finally {
			await removePerson(person);
		}
	}
} finally {
	await service.clean();
	await bundle.close();
}
