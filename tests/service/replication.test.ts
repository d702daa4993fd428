import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import {
	endSync,
	listRevisions,
	openDevice,
	openRemote,
	waitForDocument
} from '#tests/service/devices.ts';
import { signIn, signUp } from '#tests/service/people.ts';

let service: RunningService;
beforeAll(async () => {
	service = await runService();
});
afterAll(() => service.stop());

test('two devices of a person hold the same, and nothing was refused', async () => {
	const ann = await signUp(service.url);
	const [phone, laptop] = [openDevice(), openDevice()];
	const there = openRemote(ann);
	const alsoThere = openRemote(await signIn(service.url, ann.email));
	for (let count = 0; count < 250; count++) {
		await phone.put({ _id: `transaction:${count}`, amountMinor: count, note: 'größer / % + ?' });
	}
	const first = await phone.get('transaction:0');
	await phone.put({ ...first, amountMinor: 99 });
	await phone.remove(await phone.get('transaction:1'));
	await phone.replicate.to(there.database, { batch_size: 100 });
	const pulled = await laptop.replicate.from(alsoThere.database, { batch_size: 100 });
	expect(pulled.docs_written).toBe(250);
	expect(await listRevisions(laptop)).toEqual(await listRevisions(phone));

	// A second pull begins where the first one ended: the checkpoints on both sides hold.
	const again = await laptop.replicate.from(alsoThere.database, { batch_size: 100 });
	expect(again.docs_read).toBe(0);
	const answers = [...there.answers, ...alsoThere.answers];
	expect(
		answers.filter(({ status, request }) => status >= 400 && !request.includes('_local'))
	).toEqual([]);
	expect(answers.some(({ request }) => request.endsWith('/_bulk_get'))).toBe(true);
	expect(new Set(answers.map(({ incarnation }) => incarnation)).size).toBe(1);
});

test('a note cut in the middle of a character stops nothing', async () => {
	const ann = await signUp(service.url);
	const [phone, laptop] = [openDevice(), openDevice()];
	const { database } = openRemote(ann);
	await phone.put({ _id: 'a', note: 'cake \ud83c' });
	await phone.put({ _id: 'b', note: 'cake 🎂' });
	await phone.replicate.to(database);
	await laptop.replicate.from(database);
	expect(await listRevisions(laptop)).toEqual(await listRevisions(phone));
	expect(await laptop.get('a')).toMatchObject({ note: 'cake \ufffd' });
	expect(await laptop.get('b')).toMatchObject({ note: 'cake 🎂' });
});

test('both sides of a conflict arrive', async () => {
	const ann = await signUp(service.url);
	const [phone, laptop] = [openDevice(), openDevice()];
	const { database } = openRemote(ann);
	await phone.put({ _id: 'a', note: 'phone' });
	await laptop.put({ _id: 'a', note: 'laptop' });
	await phone.replicate.to(database);
	await laptop.sync(database);
	await phone.sync(database);
	const onPhone = await phone.get('a', { conflicts: true });
	expect(onPhone._conflicts).toHaveLength(1);
	expect(await laptop.get('a', { conflicts: true })).toEqual(onPhone);
});

test('devices that are both live see each other’s entries', async () => {
	const ann = await signUp(service.url);
	const devices = [openDevice(), openDevice()] as const;
	const syncs = devices.map((device) =>
		device.sync(openRemote(ann).database, { live: true, retry: true })
	);
	await devices[0].put({ _id: 'from the first' });
	await waitForDocument(devices[1], 'from the first');
	await devices[1].put({ _id: 'from the second' });
	await waitForDocument(devices[0], 'from the second');
	await Promise.all(syncs.map(endSync));
});

test('signing out ends live replication with a JSON 401', async () => {
	const ann = await signUp(service.url);
	const device = openDevice();
	const sync = device.sync(openRemote(ann).database, { live: true, retry: true });
	const ended = new Promise<{ status?: number }>((resolve) => {
		sync.on('error', (error) => resolve(error as { status?: number }));
		sync.on('denied', () => resolve({}));
	});
	await device.put({ _id: 'a' });
	await new Promise<void>((resolve) => sync.once('paused', () => resolve()));
	await ann.send('/api/session', { method: 'DELETE' });
	expect((await ended).status).toBe(401);
});

test('nobody pulls or pushes another’s ledger', async () => {
	const [ann, bob] = [await signUp(service.url), await signUp(service.url)];
	const hers = openDevice();
	await hers.put({ _id: 'a', note: 'hers' });
	await hers.replicate.to(openRemote(ann).database);
	const { database } = openRemote({ ...bob, ledgerUrl: ann.ledgerUrl });
	const his = openDevice();
	await his.put({ _id: 'b', note: 'his' });
	await expect(his.replicate.from(database)).rejects.toMatchObject({ status: 403 });
	await expect(his.replicate.to(database)).rejects.toMatchObject({ status: 403 });
	expect(Object.keys(await listRevisions(his))).toEqual(['b']);
	const back = openDevice();
	await back.replicate.from(openRemote(ann).database);
	expect(Object.keys(await listRevisions(back))).toEqual(['a']);
});
