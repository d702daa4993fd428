import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removePerson, runUntilExit, spawnService } from '#tests/support/run-service.ts';
import { signUp } from '#tests/service/people.ts';

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'outlay-start-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function expectSentence(env: Record<string, string>, sentence: RegExp): Promise<void> {
	const { code, stdout, stderr } = await runUntilExit({ DATA_DIR: join(folder, 'data'), ...env });
	expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
	expect(stderr).toMatch(sentence);
	expect(stderr.trim().split('\n')).toHaveLength(1);
	expect(stderr).not.toContain('hidden');
}

test('a port in use is a sentence', async () => {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	await expectSentence({ PORT: String(port) }, /^Port \d+ is in use already.* PORT=\d+\.$/m);
	server.close();
});

test('a port in use, or an address that is none of ours, is a sentence that names its variable', async () => {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const used = String((server.address() as AddressInfo).port);
	const peers = {
		PORT: '0',
		PEERS: '127.0.0.1',
		PEER_SECRET: 'hidden, and longer than 32 characters'
	};
	await expectSentence(
		{ ...peers, PEER_HOST: '127.0.0.1', PEER_PORT: used },
		/^Port \d+ is in use already\. Choose another PEER_PORT\.$/m
	);
	await expectSentence(
		{ ...peers, PEER_HOST: '192.0.2.1' },
		/^PEER_HOST 192\.0\.2\.1 is no address/
	);
	await expectSentence(
		{ PORT: '0', PEERS: '127.0.0.1', PEER_SECRET_FILE: join(folder, 'nothing') },
		/^PEER_SECRET_FILE cannot be read: ENOENT\.$/m
	);
	server.close();
});

test('a variable that is wrong is a sentence, and no credential is printed', async () => {
	await expectSentence({ COUCH_URL: 'couch://user:hidden@host' }, /^COUCH_URL must be the http/);
	await expectSentence({ PORT: 'eighty' }, /^PORT must be a whole number/);
});

test('a DATA_DIR that is no folder is a sentence', async () => {
	const file = join(folder, 'file');
	await writeFile(file, '');
	await expectSentence({ DATA_DIR: file, PORT: '0' }, /^DATA_DIR \S+ is not a folder\./);
	await expectSentence(
		{ DATA_DIR: join(file, 'below'), PORT: '0' },
		/^DATA_DIR \S+ is not a folder\./
	);
});

test('a store that never answers does not keep the service from starting', async () => {
	const service = await spawnService({ env: { COUCH_URL: 'http://user:hidden@127.0.0.1:1' } });
	try {
		expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
		expect((await fetch(`${service.url}/health/ready`)).status).toBe(503);
	} finally {
		await service.clean();
	}
});

// With COUCH_URL no folder has a store to share.
test.skipIf(process.env.COUCH_URL)(
	'a second service on a folder works with the first one’s embedded store',
	async () => {
		const first = await spawnService();
		const second = await spawnService({ dataDir: first.dataDir });
		try {
			const ann = await signUp(first.url);
			const answer = await fetch(`${second.url}/api/session`, { headers: { cookie: ann.cookie } });
			expect(await answer.json()).toMatchObject({ account: { id: ann.accountId } });
		} finally {
			await second.clean();
			await first.clean();
		}
	}
);

test.each(['SIGTERM', 'SIGINT'] as const)(
	'%s ends it well, with a longpoll parked',
	async (signal) => {
		const service = await spawnService();
		try {
			const ann = await signUp(service.url);
			const query = '_changes?feed=longpoll&heartbeat=10000';
			const parked = await ann.send(`/sync/${ann.ledgerId}/${query}`);
			const code = service.end(signal);
			expect(await parked.json()).toMatchObject({ results: [] });
			expect(await code).toBe(0);
			await removePerson(ann);
		} finally {
			await service.clean();
		}
	}
);
