/**
 * Serves the app with a generated year: `npm run demo`. Everything is in a temporary folder and gone when
 * it is stopped. The page at `/demo` signs the browser in to a profile that has the year.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PouchDB from 'pouchdb';
import memory from 'pouchdb-adapter-memory';
import { SignedIn } from '#contract/account.ts';
import type { Account } from '#contract/documents/account.ts';
import type { Category } from '#contract/documents/category.ts';
import { today } from '#lib/domain/calendar-day.ts';
import { randomText } from '#lib/domain/random-text.ts';
import { guessMapping } from '#lib/domain/import/mapping.ts';
import { planImport } from '#lib/domain/import/plan.ts';
import { readTable } from '#lib/domain/import/table.ts';
import { startingDocuments } from '#lib/domain/starting-documents.ts';
import { createClock } from '#lib/domain/stamp.ts';
import { buildApp } from '#service/app.ts';
import { readConfig } from '#service/config.ts';
import { openStore } from '#service/open-store.ts';
import { makeDemoLedger } from './demo-ledger.ts';

const SEED = 11;
const DEMO = { email: 'demo@outlay.example', password: randomText(20) };

PouchDB.plugin(memory);

/** The year as the documents that an import makes of it. */
function demoDocuments(): PouchDB.Core.PutDocument<object>[] {
	const read = readTable(makeDemoLedger(today(), SEED));
	if (!read.ok) throw new Error(read.problem);
	const starting = startingDocuments();
	const plan = planImport(
		read.table,
		guessMapping(read.table),
		{
			ids: new Set(),
			trashed: new Set(),
			accounts: starting.filter((document): document is Account => document.type === 'account'),
			categories: starting.filter((document): document is Category => document.type === 'category'),
			currency: 'EUR'
		},
		{ id: 'operation:demo', stamp: createClock(randomText(10), Date.now).next() }
	);
	return [...starting, ...plan.documents];
}

const folder = await mkdtemp(join(tmpdir(), 'outlay-demo-'));
const verdict = readConfig({ ...process.env, DATA_DIR: folder });
if (!verdict.ok) throw new Error(verdict.sentences.join(' '));
const { config } = verdict;
const store = await openStore(config, () => {});
const app = await buildApp({
	client: store.client,
	provisioner: store.provisioner,
	publicUrl: config.publicUrl,
	trustProxy: config.trustProxy,
	logLevel: 'error',
	pagesFolder: join(import.meta.dirname, '..', '..', 'build')
});
let cookies: string[] = [];
app.get('/demo', (_request, reply) =>
	reply
		.header('set-cookie', [...cookies, 'outlay-profile=1; Path=/; SameSite=Strict'])
		.redirect('/', 303)
);
const url = await app.listen({ port: config.port, host: config.host });

const response = await fetch(`${url}/api/account`, {
	method: 'POST',
	headers: { 'content-type': 'application/json' },
	body: JSON.stringify(DEMO)
});
const { ledger } = SignedIn.parse(await response.json());
cookies = response.headers.getSetCookie();
const local = new PouchDB('demo', { adapter: 'memory' });
await local.bulkDocs(demoDocuments());
await PouchDB.replicate(
	local,
	new PouchDB(`${url}/sync/${ledger.id}`, {
		skip_setup: true,
		fetch: (address, options = {}) => {
			const headers = new Headers(options.headers as HeadersInit);
			headers.set('cookie', (cookies[0] ?? '').split(';')[0] ?? '');
			return fetch(address as string, { ...(options as RequestInit), headers });
		}
	})
);
process.stdout.write(`Outlay with a made-up year is at ${url}/demo\n`);

async function stop(): Promise<void> {
	await app.close();
	await store.stop();
	await rm(folder, { recursive: true, force: true });
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
