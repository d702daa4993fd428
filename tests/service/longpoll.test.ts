import { once } from 'node:events';
import { type IncomingMessage, request as sendRequest } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StoreUnavailable } from '#service/couch/client.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { type Person, pushDocuments, signIn, signUp, toRevision } from '#tests/service/people.ts';

let service: RunningService;
let ann: Person;
// Looking for writes made elsewhere must not be what wakes anybody, where it is not the matter.
const NEVER_MS = 1_000_000;

beforeEach(async () => {
	service = await runService({ parts: { longpolls: { recheckMs: NEVER_MS } } });
	ann = await signUp(service.url);
});
afterEach(() => service.stop());

interface Changes {
	results: { id: string }[];
	last_seq: string | number;
}

interface Parked {
	text: Promise<string>;
	answer: Promise<Changes>;
	/** The first sign of life, or the beginning of the answer. */
	beat: Promise<unknown>;
}

/** A longpoll that is parked: its headers have come. */
async function park(person: Person, query = ''): Promise<Parked> {
	const url = `${person.ledgerUrl}/_changes?feed=longpoll${query}`;
	const request = sendRequest(url, { headers: { cookie: person.cookie } });
	request.end();
	const [response] = (await once(request, 'response')) as [IncomingMessage];
	let received = '';
	response.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
	const text = once(response, 'end').then(() => received);
	const answer = text.then((json) => JSON.parse(json) as Changes);
	return { text, answer, beat: once(response, 'data') };
}

const changesRequests = () =>
	service.store.ledgerRequests.filter((path) => path.includes('/_changes'));

test('what is there already is answered at once', async () => {
	await pushDocuments(ann, toRevision('a'));
	const { results } = await (await park(ann)).answer;
	expect(results.map(({ id }) => id)).toEqual(['a']);
});

test('a write wakes every device of the ledger, and no other ledger', async () => {
	const bob = await signUp(service.url);
	const other = await park(bob);
	const [phone, laptop] = [await park(ann), await park(await signIn(service.url, ann.email))];
	await pushDocuments(ann, toRevision('a'));
	for (const device of [phone, laptop]) {
		expect((await device.answer).results.map(({ id }) => id)).toEqual(['a']);
	}
	const settled = await Promise.race([other.answer, Promise.resolve('still parked')]);
	expect(settled).toBe('still parked');
});

test('since=now is where the ledger is at that moment', async () => {
	await pushDocuments(ann, toRevision('before'));
	const parked = await park(ann, '&since=now');
	await pushDocuments(ann, toRevision('after'));
	expect((await parked.answer).results.map(({ id }) => id)).toEqual(['after']);
});

test('a write between the look and the parking is not missed', async () => {
	const { store } = service;
	const written: PromiseWithResolvers<void> = Promise.withResolvers();
	const looked: PromiseWithResolvers<void> = Promise.withResolvers();
	let held = false;
	store.hold = (request) => {
		if (held || !request.includes('/_changes')) return undefined;
		held = true;
		// The store has answered "nothing new"; the answer is on its way.
		looked.resolve();
		return written.promise;
	};
	const parking = park(ann);
	await looked.promise;
	await pushDocuments(ann, toRevision('a'));
	written.resolve();
	expect((await (await parking).answer).results.map(({ id }) => id)).toEqual(['a']);
});

/** Questions to the store about changes, or whether there may be any. */
const lookRequests = () =>
	service.store.ledgerRequests.filter((path) => /\/_changes|\/_dbs_info/.test(path));

test('the store is asked plain questions only, and once for however many wait', async () => {
	await service.stop();
	service = await runService({ parts: { longpolls: { recheckMs: 50 } } });
	ann = await signUp(service.url);
	const parked = await Promise.all(Array.from({ length: 10 }, () => park(ann, '&heartbeat=10000')));
	const before = lookRequests().length;
	const looks: PromiseWithResolvers<void> = Promise.withResolvers();
	service.store.hold = () => {
		if (lookRequests().length >= before + 3) looks.resolve();
		return undefined;
	};
	const beganAt = Date.now();
	await looks.promise;
	// Ten that each looked for themselves would have needed a tenth of the time.
	expect(Date.now() - beganAt).toBeGreaterThanOrEqual(80);
	service.store.hold = undefined;
	await pushDocuments(ann, toRevision('a'));
	await Promise.all(parked.map(({ answer }) => answer));
	expect(changesRequests().filter((path) => !path.includes('feed=normal'))).toEqual([]);
	expect(changesRequests().filter((path) => /heartbeat|timeout/.test(path))).toEqual([]);
});

test('a write that the store fails to tell of is told as soon as it answers again', async () => {
	const parked = await park(ann, '&heartbeat=10000');
	let failures = 0;
	service.store.hold = async (request) => {
		if (request.includes('/_changes') && ++failures <= 3) throw new StoreUnavailable('by the test');
	};
	await pushDocuments(ann, toRevision('a'));
	expect((await parked.answer).results.map(({ id }) => id)).toEqual(['a']);
	expect(failures).toBeGreaterThan(3);
});

test('a write past this service is found by looking', async () => {
	await service.stop();
	service = await runService({ parts: { longpolls: { recheckMs: 50 } } });
	ann = await signUp(service.url);
	const parked = await park(ann);
	const [row] = (await service.store.rows()).filter(({ _id }) => _id === `ledger:${ann.ledgerId}`);
	await service.store.real.client.put(String(row?.database), { _id: 'elsewhere' });
	expect((await parked.answer).results.map(({ id }) => id)).toEqual(['elsewhere']);
});

test('signing out ends the longpolls of that session at once, and of no other', async () => {
	const laptop = await signIn(service.url, ann.email);
	const [mine, other] = [
		await park(ann, '&heartbeat=10000'),
		await park(laptop, '&heartbeat=10000')
	];
	await ann.send('/api/session', { method: 'DELETE' });
	expect((await mine.answer).results).toEqual([]);
	await pushDocuments(laptop, toRevision('a'));
	expect((await other.answer).results).toHaveLength(1);
});

test('signing out while the first look is on its way ends the longpoll too', async () => {
	const looked: PromiseWithResolvers<void> = Promise.withResolvers();
	const out: PromiseWithResolvers<void> = Promise.withResolvers();
	service.store.hold = (request) => {
		if (!request.includes('/_changes')) return undefined;
		looked.resolve();
		return out.promise;
	};
	const parking = park(ann, '&heartbeat=10000');
	await looked.promise;
	await ann.send('/api/session', { method: 'DELETE' });
	out.resolve();
	expect((await (await parking).answer).results).toEqual([]);
});

test('nothing new within the timeout is an empty answer with where the ledger is', async () => {
	await pushDocuments(ann, toRevision('a'));
	const first = await (await park(ann)).answer;
	const since = encodeURIComponent(String(first.last_seq));
	const empty = await (await park(ann, `&since=${since}&timeout=20`)).answer;
	expect(empty).toMatchObject({ results: [], last_seq: first.last_seq });
});

test('closing answers those who wait and comes to its end', async () => {
	const parked = await Promise.all([park(ann), park(ann, '&heartbeat=10000')]);
	await service.close();
	for (const { answer } of parked) expect((await answer).results).toEqual([]);
});

test('closing lets a write under way come to its end, and says it is not ready meanwhile', async () => {
	const arrived: PromiseWithResolvers<void> = Promise.withResolvers();
	const stored: PromiseWithResolvers<void> = Promise.withResolvers();
	service.store.hold = (request) => {
		if (!request.includes('/_bulk_docs')) return undefined;
		arrived.resolve();
		return stored.promise;
	};
	const writing = ann.post('_bulk_docs', { docs: [toRevision('a')], new_edits: false });
	await arrived.promise;
	const closed = service.close();
	await expect.poll(async () => (await fetch(`${service.url}/health/ready`)).status).toBe(503);
	stored.resolve();
	expect((await writing).status).toBe(201);
	await closed;
});

test('a heartbeat is a newline, and the answer behind it is JSON all the same', async () => {
	const parked = await park(ann, '&heartbeat=10000');
	await parked.beat;
	await pushDocuments(ann, toRevision('a'));
	expect(await parked.text).toMatch(/^\n\{/);
	expect((await parked.answer).results).toHaveLength(1);
}, 20_000);
