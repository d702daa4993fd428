/**
 * What a ledger takes up in the store: as text, and on the disk once it was compacted.
 *
 *     node tests/bench/service/ledger-size.ts [entries …]      # 0, 1000 and 10000 unless told; the embedded store
 *     COUCH_URL=… node tests/bench/service/ledger-size.ts      # a CouchDB
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pauseFor } from 'node:timers/promises';
import type { CouchClient } from '#service/couch/client.ts';
import { openStore } from '#service/open-store.ts';
import { withRevision } from '#tests/support/filled-ledger.ts';
import { generateLargeLedger } from '#tests/support/large-ledger.ts';

/** As devices send them. */
const BATCH = 100;

async function fill(client: CouchClient, database: string, entries: number): Promise<number> {
	const { categories, accounts, transactions } = generateLargeLedger(entries);
	const all = [...categories, ...accounts, ...transactions].map((one) => withRevision(one, 1));
	for (let at = 0; at < all.length; at += BATCH) {
		const docs = all.slice(at, at + BATCH);
		const answer = await client.request('POST', `/${database}/_bulk_docs`, {
			body: { docs, new_edits: false }
		});
		if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
		await answer.text();
	}
	return all.length;
}

interface Info {
	doc_count: number;
	compact_running?: boolean;
	sizes: { file: number; external?: number; active?: number };
}

/** Its size once compaction has nothing left to do. */
async function compactedInfo(client: CouchClient, database: string): Promise<Info> {
	const read = async () => (await (await client.request('GET', `/${database}`)).json()) as Info;
	await (await client.request('POST', `/${database}/_compact`, { body: {} })).text();
	for (let least = Infinity; ;) {
		await pauseFor(2_000);
		const info = await read();
		if (!info.compact_running && info.sizes.file >= least) return info;
		least = Math.min(least, info.sizes.file);
	}
}

const dataDir = await mkdtemp(join(tmpdir(), 'outlay-size-'));
const { client, provisioner, stop } = await openStore(
	{ dataDir, couchUrl: process.env.COUCH_URL || undefined },
	console.error
);
const sizes = process.argv.slice(2).map(Number);
try {
	for (const entries of sizes.length > 0 ? sizes : [0, 1_000, 10_000]) {
		const database = `ledger-${randomUUID().replaceAll('-', '')}`;
		await provisioner.createDatabase(database);
		try {
			const documents = await fill(client, database, entries);
			const { doc_count, sizes } = await compactedInfo(client, database);
			if (doc_count < documents) throw new Error(`${doc_count} of ${documents} documents`);
			console.log(
				`${entries} entries (${documents} documents): ${toKiB(sizes.file)} on the disk` +
					(sizes.external && sizes.external !== sizes.file
						? `, ${toKiB(sizes.external)} as text`
						: '') +
					(entries > 0 ? `, ${(sizes.file / entries).toFixed(0)} bytes an entry` : '')
			);
		} finally {
			await provisioner.destroyDatabase(database);
		}
	}
} finally {
	await stop();
	await rm(dataDir, { recursive: true, force: true });
}

function toKiB(bytes: number): string {
	return `${(bytes / 1024).toFixed(0)} KiB`;
}
