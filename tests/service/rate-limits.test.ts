import { afterEach, expect, test } from 'vitest';
import { DEFAULT_LIMITS, type Limits } from '#service/accounts/limits.ts';
import { StoreUnavailable } from '#service/couch/client.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { PASSWORD, postJson, signIn, signUp } from '#tests/service/people.ts';

const running: RunningService[] = [];
afterEach(async () => {
	for (const service of running.splice(0).reverse()) await service.stop();
});

const HOUR_MS = 3_600_000;
const inAnHour = (most: number) => ({ most, windowMs: HOUR_MS });

/** Every request tells its address, as a proxy in front would. */
async function run(limits: Partial<Limits>, beside?: RunningService): Promise<RunningService> {
	const service = await runService({
		parts: { limits },
		env: { TRUST_PROXY: '1' },
		...(beside && { beside })
	});
	running.push(service);
	return service;
}

function guess(
	{ url }: RunningService,
	email: string,
	address: string,
	headers: Record<string, string> = {}
): Promise<Response> {
	return postJson(
		`${url}/api/session`,
		{ email, password: 'not this one' },
		{ 'x-forwarded-for': address, ...headers }
	);
}

async function expectHeldBack(answer: Response): Promise<void> {
	expect(answer.status).toBe(429);
	expect(await answer.json()).toMatchObject({ error: 'too-many-requests' });
	expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(3_000);
	expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(3_600);
}

const countStatus = (answers: Response[], status: number) =>
	answers.filter((answer) => answer.status === status).length;

test('sign-ups from one address are limited; mistakes do not count', async () => {
	const service = await run({ signUps: inAnHour(2) });
	for (let count = 0; count < 5; count++) {
		const weak = { email: 'a@example.org', password: 'weak' };
		expect((await postJson(`${service.url}/api/account`, weak)).status).toBe(400);
	}
	const ann = await signUp(service.url);
	await signUp(service.url);
	const body = { email: 'third@example.org', password: PASSWORD };
	await expectHeldBack(await postJson(`${service.url}/api/account`, body));
	const from = { 'x-forwarded-for': '192.0.2.7' };
	expect((await postJson(`${service.url}/api/account`, body, from)).status).toBe(201);
	await signIn(service.url, ann.email);
});

test('an address may sign up twenty times an hour where nothing else is said', async () => {
	const { signUps } = DEFAULT_LIMITS;
	expect(signUps.windowMs).toBe(HOUR_MS);
	const service = await run({ signUps });
	// `signUp` throws where it is refused.
	for (let count = 0; count < 20; count++) await signUp(service.url);
});

test('of a thousand guesses at once no more are heard than one by one', async () => {
	const service = await run({ failuresByPair: inAnHour(3) });
	const [ann, bob] = [await signUp(service.url), await signUp(service.url)];
	for (let count = 0; count < 5; count++) await signIn(service.url, ann.email);
	const guesses = await Promise.all(
		Array.from({ length: 1000 }, () => guess(service, ann.email, '192.0.2.1'))
	);
	expect(countStatus(guesses, 401)).toBe(3);
	expect(countStatus(guesses, 429)).toBe(997);
	await expectHeldBack(await guess(service, ann.email, '192.0.2.1'));
	expect((await guess(service, bob.email, '192.0.2.1')).status).toBe(401);
	expect((await guess(service, ann.email, '192.0.2.2')).status).toBe(401);
}, 60_000);

test('two processes count together', async () => {
	const here = await run({ failuresByPair: inAnHour(4) });
	const there = await run({ failuresByPair: inAnHour(4) }, here);
	const { email } = await signUp(here.url);
	for (const service of [here, there, here, there]) {
		expect((await guess(service, email, '192.0.2.1')).status).toBe(401);
	}
	await expectHeldBack(await guess(here, email, '192.0.2.1'));
	await expectHeldBack(await guess(there, email, '192.0.2.1'));
	const other = await signUp(here.url);
	const guesses = await Promise.all(
		Array.from({ length: 60 }, (_, at) => guess(at % 2 ? here : there, other.email, '192.0.2.1'))
	);
	// Each lets no more than its own through before it hears of the other's.
	expect(countStatus(guesses, 401)).toBeLessThanOrEqual(8);
	expect(countStatus(guesses, 429)).toBeGreaterThanOrEqual(52);
	await expectHeldBack(await guess(here, other.email, '192.0.2.1'));
});

test('failures from one address are limited, whatever email they try', async () => {
	const service = await run({ failuresByAddress: inAnHour(3) });
	for (let count = 0; count < 3; count++) {
		expect((await guess(service, `${count}@example.org`, '192.0.2.1')).status).toBe(401);
	}
	await expectHeldBack(await guess(service, '3@example.org', '192.0.2.1'));
	// What the client itself wrote in front of the proxy's entry changes nothing.
	await expectHeldBack(await guess(service, '4@example.org', '198.51.100.9, 192.0.2.1'));
	await expectHeldBack(await guess(service, '5@example.org', '::ffff:192.0.2.1'));
	expect((await guess(service, '6@example.org', '192.0.2.2')).status).toBe(401);
});

test('an IPv6 address is counted with its whole /64', async () => {
	const service = await run({ failuresByAddress: inAnHour(3) });
	for (let host = 1; host <= 3; host++) {
		expect((await guess(service, 'a@example.org', `2001:db8:1:2::${host}`)).status).toBe(401);
	}
	await expectHeldBack(await guess(service, 'a@example.org', '2001:db8:1:2:ffff:ffff:ffff:ffff'));
	expect((await guess(service, 'a@example.org', '2001:db8:1:3::1')).status).toBe(401);
});

test('who guesses from many addresses locks out strangers, and not the owner on a device of hers', async () => {
	const service = await run({ failuresByEmail: inAnHour(3), failuresByDevice: inAnHour(2) });
	const body = { email: 'ann@example.org', password: PASSWORD };
	const signedUp = await postJson(`${service.url}/api/account`, body);
	const cookies = signedUp.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
	expect(cookies.map((cookie) => cookie?.split('=')[0])).toEqual([
		'outlay-session',
		'outlay-device'
	]);
	const known = { cookie: cookies[1] ?? '' };
	for (let at = 1; at <= 3; at++) {
		expect((await guess(service, body.email, `192.0.2.${at}`)).status).toBe(401);
	}
	await expectHeldBack(await guess(service, body.email, '192.0.2.9'));
	await expectHeldBack(await postJson(`${service.url}/api/session`, body));
	expect((await postJson(`${service.url}/api/session`, body, known)).status).toBe(201);
	// It is no free pass: not for guessing, not for another email, not for who changes it.
	const forged = { cookie: `${known.cookie.slice(0, -2)}AA` };
	await expectHeldBack(await postJson(`${service.url}/api/session`, body, forged));
	for (const status of [401, 401, 429, 429]) {
		expect((await guess(service, body.email, '192.0.2.20', known)).status).toBe(status);
	}
	for (const status of [401, 401, 401, 429]) {
		expect((await guess(service, 'bob@example.org', '192.0.2.30', known)).status).toBe(status);
	}
});

test('signing in writes nothing but the session', async () => {
	const service = await run({});
	const ann = await signUp(service.url);
	const throttles = async () =>
		(await service.store.rows()).filter(({ _id }) => _id.startsWith('throttle:'));
	const before = await throttles();
	await signIn(service.url, ann.email);
	service.store.plan = () => undefined;
	service.store.operations = 0;
	await signIn(service.url, ann.email);
	// Three counts, claim, account, and the session's one write.
	expect(service.store.operations).toBe(6);
	expect(await throttles()).toEqual(before);
});

test('nothing that is counted tells an email or an address', async () => {
	const service = await run({});
	await guess(service, 'somebody@example.org', '203.0.113.77');
	const kept = JSON.stringify(
		(await service.store.rows()).filter(({ _id }) => _id.startsWith('throttle:'))
	);
	expect(kept).toContain('throttle:address:');
	expect(kept).toContain('throttle:password-email:');
	expect(kept).not.toMatch(/somebody|example|203\.0/);
});

test('who cannot be counted is not let through', async () => {
	const service = await run({ failuresByPair: inAnHour(3) });
	const ann = await signUp(service.url);
	const { store } = service;
	// Reads go well, and nothing can be written.
	const { put } = store.client;
	store.client.put = (database, document) =>
		document._id.startsWith('throttle:')
			? Promise.reject(new StoreUnavailable('refused by the test'))
			: put(database, document);
	const answers = [];
	for (let count = 0; count < 6; count++) {
		answers.push(await guess(service, ann.email, '192.0.2.1'));
	}
	expect(countStatus(answers, 503)).toBe(6);
	store.client.put = put;
	expect((await guess(service, ann.email, '192.0.2.1')).status).toBe(401);
	expect((await guess(service, ann.email, '192.0.2.1')).status).toBe(401);
	await expectHeldBack(await guess(service, ann.email, '192.0.2.1'));
});

test('one address may not ask without end', async () => {
	const service = await run({ requests: { most: 5, windowMs: 60_000 } });
	const ask = (address: string) =>
		fetch(`${service.url}/api/sign-up`, { headers: { 'x-forwarded-for': address } });
	for (let count = 0; count < 5; count++) expect((await ask('192.0.2.1')).status).toBe(200);
	const answer = await ask('192.0.2.1');
	expect(answer.status).toBe(429);
	expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
	expect(await answer.json()).toMatchObject({ error: 'too-many-requests' });
	expect((await ask('192.0.2.2')).status).toBe(200);
});
