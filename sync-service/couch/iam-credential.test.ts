import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Credential } from '#service/couch/credential.ts';
import { iamCredential } from '#service/couch/iam-credential.ts';

const waiting: ServerResponse[] = [];
let given = 0;
let credential: Credential;
let stop: () => Promise<void>;

beforeEach(async () => {
	given = 0;
	const server = createServer((request, response) => {
		request.resume().on('end', () => waiting.push(response));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	credential = iamCredential({ apiKey: 'key', tokenUrl: `http://127.0.0.1:${port}/` });
	stop = async () => {
		server.closeAllConnections();
		server.close();
		await once(server, 'close');
	};
});
afterEach(() => stop());

/** Gives a token that lives for so many seconds to whoever asks, once somebody has. */
async function give(seconds: number): Promise<void> {
	await expect.poll(() => waiting.length, { interval: 5 }).toBe(1);
	given += 1;
	waiting
		.pop()!
		.writeHead(200, { 'content-type': 'application/json' })
		.end(JSON.stringify({ access_token: `token-${given}`, expires_in: seconds }));
}

test('a token that was asked for before the refusal of the old one does not do either', async () => {
	const first = credential.authorization();
	await give(1);
	expect(await first).toBe('Bearer token-1');
	const isAsked = async () => (await credential.authorization(), waiting.length);
	await expect.poll(isAsked, { interval: 5 }).toBe(1);
	credential.refused?.('Bearer token-1');
	const next = credential.authorization();
	await give(60);
	await give(60);
	expect(await next).toBe('Bearer token-3');
	expect(await credential.authorization()).toBe('Bearer token-3');
});
