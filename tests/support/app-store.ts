import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openStore } from '#service/open-store.ts';
import { openBehindCloudant } from '#tests/support/behind-cloudant.ts';
import { EVERY_FAULT } from '#tests/support/fake-cloudant.ts';

/** The store of an app that runs as a process of its own. */
export interface AppStore {
	/** Variables by which the service finds it. */
	env: Record<string, string>;
	/** Ends it, and removes what the app left in it. */
	remove(): Promise<void>;
}

/**
 * The store the surroundings ask for: a Cloudant with every fault (`STORE=fake-cloudant`), a part of one's
 * own of the CouchDB at `COUCH_URL`, or else the service's embedded one.
 */
export async function openAppStore(dataDir: string): Promise<AppStore> {
	const couchUrl = process.env.COUCH_URL || undefined;
	if (process.env.STORE === 'fake-cloudant') {
		const { cloudant, stop } = await openBehindCloudant(
			{ couchUrl, dataDir: join(dataDir, 'behind') },
			EVERY_FAULT
		);
		const { url, tokenUrl, iam } = cloudant;
		const env = { CLOUDANT_URL: url, CLOUDANT_APIKEY: iam.apiKey, IAM_TOKEN_URL: tokenUrl };
		return { env: { ...env, COUCH_URL: '' }, remove: stop };
	}
	return couchUrl ? openPartOf(couchUrl) : { env: {}, remove: async () => {} };
}

/** A way to a CouchDB that many use: the accounts are in a database of their own, and all that is made goes. */
async function openPartOf(couchUrl: string): Promise<AppStore> {
	const accounts = `/outlay-accounts-${randomUUID()}`;
	const made = new Set<string>();
	const { hostname, port } = new URL(couchUrl);
	const server = createServer((incoming, outgoing) => {
		const { method, headers } = incoming;
		const path = (incoming.url ?? '').replace(/^\/outlay-accounts(?=[/?]|$)/, accounts);
		if (method === 'PUT' && /^\/[^/?]+$/.test(path)) made.add(path.slice(1));
		const onwards = sendRequest({ hostname, port, method, path, headers }, (answer) => {
			outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.on('error', () => outgoing.destroy()).pipe(outgoing);
		});
		onwards.on('error', () => outgoing.destroy());
		outgoing.on('close', () => onwards.destroy());
		incoming.pipe(onwards);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const front = new URL(couchUrl);
	front.hostname = '127.0.0.1';
	front.port = String((server.address() as AddressInfo).port);
	return {
		env: { COUCH_URL: front.href },
		async remove() {
			server.closeAllConnections();
			server.close();
			const { provisioner } = await openStore({ couchUrl, dataDir: '' }, () => {});
			for (const name of made) await provisioner.destroyDatabase(name);
		}
	};
}
