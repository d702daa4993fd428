import { expect, test } from 'vitest';
import {
	endSync,
	listRevisions,
	openDevice,
	openRemote,
	waitForDocument
} from '#tests/service/devices.ts';
import {
	changeRow,
	countDatabases,
	findRow,
	IS_RATED,
	keepWriting,
	move,
	readLeaves,
	startPlaced,
	without
} from '#tests/service/moves.ts';
import { pushDocuments, signIn, signUp, toRevision } from '#tests/service/people.ts';
import { eventually } from '#tests/support/eventually.ts';

test('every leaf arrives with its history, and what belongs to the ledger stays', async () => {
	const service = await startPlaced();
	const ann = await signUp(service.url);
	const history = (start: number, ...ids: string[]) => ({ _revisions: { start, ids } });
	await pushDocuments(
		ann,
		{ ...toRevision('edited', { n: 2 }, '2-b'), ...history(2, 'b', 'a') },
		toRevision('twice', { n: 1 }, '1-a'),
		toRevision('twice', { n: 2 }, '1-b'),
		{ ...toRevision('deleted', { _deleted: true }, '2-d'), ...history(2, 'd', 'c') },
		toRevision('both', { n: 1 }, '1-x'),
		{ ...toRevision('both', { _deleted: true }, '2-z'), ...history(2, 'z', 'y') },
		toRevision('größer / % + ?', { note: 'x'.repeat(300_000) })
	);
	// More than are read at once.
	const many = IS_RATED ? 20 : 600;
	for (const part of [0, 1]) {
		await pushDocuments(
			ann,
			...Array.from({ length: many }, (_, at) => toRevision(`many:${part}:${at}`))
		);
	}
	await ann.send(`/sync/${ann.ledgerId}/_local/mark`, {
		method: 'PUT',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ _id: '_local/mark', last_seq: 1 })
	});
	await changeRow(service, ann.ledgerId, { quota: { documents: 5_000, bytes: null } });
	const [before, leaves] = [
		await findRow(service, ann.ledgerId),
		await readLeaves(service, ann.ledgerId)
	];
	expect(leaves).toHaveLength(2 * many + 7);
	const greeting = await (await ann.send('/sync/')).json();

	expect(await move(service, ann.ledgerId, 'second')).toMatchObject({ ok: true, what: 'moved' });
	expect(await readLeaves(service, ann.ledgerId)).toEqual(leaves);
	const after = (await findRow(service, ann.ledgerId))!;
	expect(after).toEqual({
		...before,
		_rev: expect.any(String) as string,
		placement: 'second',
		database: expect.stringMatching(/^ledger-[0-9a-f]{32}$/) as string,
		incarnation: expect.stringMatching(/^[0-9a-f]{32}$/) as string
	});
	expect(after.database).not.toBe(before!.database);
	expect(after.incarnation).not.toBe(before!.incarnation);
	expect(await countDatabases(service)).toEqual([0, 1]);
	expect((await service.store.rows()).filter(({ _id }) => _id.startsWith('leftover:'))).toEqual([]);
	await eventually(async () => {
		expect(await (await ann.send('/sync/')).json()).not.toEqual(greeting);
	});
	expect((await ann.send(`/sync/${ann.ledgerId}/_local/mark`)).status).toBe(404);
	expect(await move(service, ann.ledgerId, 'second')).toMatchObject({ what: 'there-already' });
});

test('devices go on all the while, through two processes, and nothing acknowledged is lost', async () => {
	const service = await startPlaced();
	const other = await startPlaced({ beside: service });
	const ann = await signUp(service.url);
	const laptopsAnn = await signIn(other.url, ann.email);
	const [phone, laptop] = [openDevice(), openDevice()];
	const live = { live: true, retry: true, back_off_function: () => 50 };
	const syncs = [
		phone.sync(openRemote(ann).database, live),
		laptop.sync(openRemote(laptopsAnn).database, live)
	];
	const writers = [
		keepWriting(ann, 'here'),
		keepWriting(await signIn(service.url, ann.email), 'also here'),
		keepWriting(laptopsAnn, 'there')
	];
	let puts = 0;
	const typing = setInterval(() => void phone.put({ _id: `typed:${puts++}` }), 20);
	for (const to of IS_RATED ? ['second'] : ['second', 'primary', 'second']) {
		expect(await move(service, ann.ledgerId, to)).toMatchObject({ ok: true, what: 'moved' });
	}
	clearInterval(typing);
	await Promise.all(writers.map((writer) => writer.stop()));
	await phone.put({ _id: 'last of the phone' });
	await laptop.put({ _id: 'last of the laptop' });
	await waitForDocument(laptop, 'last of the phone');
	await waitForDocument(phone, 'last of the laptop');
	await Promise.all(syncs.map(endSync));

	const acknowledged = writers.flatMap((writer) => writer.acknowledged);
	expect(acknowledged.length).toBeGreaterThan(IS_RATED ? 10 : 50);
	expect(writers.some((writer) => writer.refused() > 0)).toBe(true);
	const expected = new Set([
		...acknowledged,
		...Array.from({ length: puts }, (_, at) => `typed:${at}`)
	]);
	const inStore = new Set((await readLeaves(service, ann.ledgerId)).map(({ _id }) => _id));
	expect(without(expected, inStore)).toEqual([]);
	// What the writers pushed last may be on its way to the devices still.
	await phone.replicate.from(openRemote(ann).database);
	await laptop.replicate.from(openRemote(laptopsAnn).database);
	for (const device of [phone, laptop]) {
		expect(without(expected, new Set(Object.keys(await listRevisions(device))))).toEqual([]);
	}
	expect(await countDatabases(service)).toEqual([0, 1]);
}, 120_000);

test('a longpoll on the old database ends, in another process too', async () => {
	const service = await startPlaced({ parts: { longpolls: { recheckMs: 300 } } });
	const other = await startPlaced({ beside: service, parts: { longpolls: { recheckMs: 300 } } });
	const ann = await signUp(service.url);
	await pushDocuments(ann, toRevision('a'));
	const people = [ann, await signIn(other.url, ann.email)];
	const parked = await Promise.all(
		people.map((person) =>
			person.send(`/sync/${ann.ledgerId}/_changes?feed=longpoll&since=now&timeout=60000`)
		)
	);
	expect(await move(service, ann.ledgerId, 'second')).toMatchObject({ ok: true });
	for (const answer of parked) expect(await answer.json()).toMatchObject({ results: [] });
	const waiting = people[1]!.send(`/sync/${ann.ledgerId}/_changes?feed=longpoll&since=now`);
	await eventually(() => pushDocuments(ann, toRevision('b')));
	expect(await (await waiting).json()).toMatchObject({ results: [{ id: 'b' }] });
});
