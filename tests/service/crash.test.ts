import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ServiceProcess, spawnService } from '#tests/support/run-service.ts';
import { endSync, openDevice, openRemote, waitForDocument } from '#tests/service/devices.ts';
import { type Person, pushDocuments, signIn, signUp, toRevision } from '#tests/service/people.ts';

let dataDir: string;
let service: ServiceProcess;
beforeEach(async () => {
	dataDir = await mkdtemp(join(tmpdir(), 'outlay-crash-'));
	service = await spawnService({ dataDir });
});
afterEach(async () => {
	await service.clean();
	await rm(dataDir, { recursive: true, force: true });
});

async function readUuid(person: Person): Promise<string> {
	const answer = await person.send('/sync/');
	return ((await answer.json()) as { uuid: string }).uuid;
}

/** The same person at an address that may be another after a start. */
function reach(person: Person): Promise<Person> {
	return signIn(service.url, person.email);
}

// A CouchDB of its own does not end with the service: there is no epoch to lose.
describe.skipIf(process.env.COUCH_URL)('with the embedded store', () => {
	test('killed in the middle of writes, nothing that was acknowledged is lost', async () => {
		const ann = await signUp(service.url);
		const uuid = await readUuid(ann);
		const acknowledged: string[] = [];
		const enough: PromiseWithResolvers<void> = Promise.withResolvers();
		const writers = Array.from({ length: 8 }, async (_, writer) => {
			for (let count = 0; ; count++) {
				const id = `transaction:${writer}-${count}`;
				await pushDocuments(ann, toRevision(id, { note: 'x'.repeat(500) }));
				acknowledged.push(id);
				if (acknowledged.length === 200) enough.resolve();
			}
		});
		const broken = Promise.allSettled(writers);
		await enough.promise;
		await service.kill();
		await broken;

		service = await spawnService({ dataDir });
		const again = await reach(ann);
		const changes = await again.send(`/sync/${ann.ledgerId}/_changes`);
		const { results } = (await changes.json()) as { results: { id: string }[] };
		const kept = new Set(results.map(({ id }) => id));
		expect(acknowledged.length).toBeGreaterThanOrEqual(200);
		expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
		expect(await readUuid(again)).not.toBe(uuid);
	});

	test('stopped and started in good order, everything is as it was, the session too', async () => {
		const ann = await signUp(service.url);
		await pushDocuments(ann, toRevision('a'));
		const uuid = await readUuid(ann);
		expect(await service.end()).toBe(0);
		service = await spawnService({ dataDir });
		const answer = await fetch(`${service.url}/sync/`, { headers: { cookie: ann.cookie } });
		expect(await answer.json()).toMatchObject({ uuid });
	});

	test('two live devices mend themselves after a crash', async () => {
		await service.end();
		const port = await findFreePort();
		const env = { PORT: String(port) };
		service = await spawnService({ dataDir, env });
		const ann = await signUp(service.url);
		const [phone, laptop] = [openDevice(), openDevice()];
		const options = { live: true, retry: true, back_off_function: () => 100 };
		const remotes = [openRemote(ann), openRemote(await reach(ann))] as const;
		const syncs = [
			phone.sync(remotes[0].database, options),
			laptop.sync(remotes[1].database, options)
		];
		await phone.put({ _id: 'before' });
		await waitForDocument(laptop, 'before');

		await service.kill();
		await phone.put({ _id: 'while it was down' });
		service = await spawnService({ dataDir, env });
		await waitForDocument(laptop, 'while it was down');
		await laptop.put({ _id: 'after' });
		await waitForDocument(phone, 'after');
		await Promise.all(syncs.map(endSync));
		const incarnations = remotes[0].answers.flatMap(({ incarnation }) => incarnation ?? []);
		expect(new Set(incarnations).size).toBe(2);
	});
});

async function findFreePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	return typeof address === 'object' && address !== null ? address.port : 0;
}
