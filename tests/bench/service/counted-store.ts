import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toStoreResolver } from '#service/couch/store-address.ts';
import { openStore } from '#service/open-store.ts';
import { type RateClass, toCost } from '#tests/support/cloudant-limits.ts';

/** What the store was asked, as Cloudant counts it; and how many of the requests were to the one database of all accounts. */
export type StoreCount = Record<RateClass | 'requests' | 'ofAccounts', number>;

export interface CountedStore {
	/** Variables by which the service finds it. */
	env: Record<string, string>;
	/**
	 * What was asked since the last call. Left out is what a process asks whoever does what: the feed of
	 * accounts, and the question for many ledgers at once.
	 */
	take(): StoreCount;
	/** Resolves once nothing has been asked for a second. */
	untilQuiet(): Promise<void>;
	/** Closes it, and removes what was made in it. */
	remove(): Promise<void>;
}

/** A way to the store in `dataDir`, or at `COUCH_URL`, on which every request is counted; accounts in a database of its own. */
export async function countStore(dataDir: string): Promise<CountedStore> {
	const couchUrl = process.env.COUCH_URL || undefined;
	const { url, credential } = await toStoreResolver({ dataDir, ...(couchUrl && { couchUrl }) })();
	const accounts = `/outlay-accounts-${randomUUID()}`;
	const made = new Set<string>();
	let count = noCount();
	let askedAt = performance.now();
	const server = createServer(async (request, response) => {
		const body = Buffer.concat(await request.toArray()).toString();
		const { method = 'GET' } = request;
		const path = (request.url ?? '').replace(/^\/outlay-accounts(?=[/?]|$)/, accounts);
		if (method === 'PUT' && /^\/[^/?]+$/.test(path)) made.add(path.slice(1));
		if (path !== '/' && path !== '/_dbs_info' && !path.startsWith(`${accounts}/_changes`)) {
			askedAt = performance.now();
			count.requests += 1;
			if (path.startsWith(`${accounts}/`)) count.ofAccounts += 1;
			const cost = toCost(method, path, body);
			if (cost) count[cost.rate] += cost.count;
		}
		const authorization = await credential.authorization();
		const answer = await fetch(url + path, {
			method,
			headers: {
				accept: 'application/json',
				...(authorization && { authorization }),
				...(body && { 'content-type': 'application/json' })
			},
			body: body || null
		});
		response.writeHead(answer.status, { 'content-type': 'application/json' });
		response.end(Buffer.from(await answer.arrayBuffer()));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		env: { COUCH_URL: `http://bench:bench@127.0.0.1:${port}` },
		take() {
			const taken = count;
			count = noCount();
			return taken;
		},
		async untilQuiet() {
			while (performance.now() - askedAt < 1_000) {
				await new Promise((resolve) => setTimeout(resolve, 100));
			}
		},
		async remove() {
			server.closeAllConnections();
			server.close();
			if (!couchUrl) return;
			const { provisioner } = await openStore({ couchUrl, dataDir: '' }, () => {});
			for (const name of made) await provisioner.destroyDatabase(name);
		}
	};
}

function noCount(): StoreCount {
	return { requests: 0, ofAccounts: 0, reads: 0, writes: 0, queries: 0 };
}
