import { afterEach, expect, test } from 'vitest';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { PASSWORD, postJson, signIn, signUp } from '#tests/service/people.ts';

let service: RunningService;
afterEach(() => service.stop());

const HOUR_MS = 3_600_000;

async function expectHeldBack(answer: Response): Promise<void> {
	expect(answer.status).toBe(429);
	expect(await answer.json()).toMatchObject({ error: 'too-many-requests' });
	expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(3_000);
	expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(3_600);
}

test('sign-ups from one address are limited; mistakes do not count', async () => {
	const limits = { signUps: { most: 2, windowMs: HOUR_MS } };
	service = await runService({ parts: { limits } });
	for (let count = 0; count < 5; count++) {
		const weak = { email: 'a@example.org', password: 'weak' };
		expect((await postJson(`${service.url}/api/account`, weak)).status).toBe(400);
	}
	const ann = await signUp(service.url);
	await signUp(service.url);
	const body = { email: 'third@example.org', password: PASSWORD };
	await expectHeldBack(await postJson(`${service.url}/api/account`, body));
	await signIn(service.url, ann.email);
});

test('failures for one email are limited, for that email only, all at once or one by one', async () => {
	const limits = { failuresByEmail: { most: 3, windowMs: HOUR_MS } };
	service = await runService({ parts: { limits } });
	const [ann, bob] = [await signUp(service.url), await signUp(service.url)];
	for (let count = 0; count < 5; count++) await signIn(service.url, ann.email);
	const wrong = { email: ann.email, password: 'not this one' };
	const guesses = await Promise.all(
		Array.from({ length: 12 }, () => postJson(`${service.url}/api/session`, wrong))
	);
	expect(guesses.filter(({ status }) => status === 401)).toHaveLength(3);
	expect(guesses.filter(({ status }) => status === 429)).toHaveLength(9);
	await expectHeldBack(
		await postJson(`${service.url}/api/session`, { email: ann.email, password: PASSWORD })
	);
	await signIn(service.url, bob.email);
});

test('failures from one address are limited, whatever email they try', async () => {
	const limits = { failuresByAddress: { most: 3, windowMs: HOUR_MS } };
	service = await runService({ parts: { limits }, env: { TRUST_PROXY: '1' } });
	const guess = (address: string, count: number) =>
		postJson(
			`${service.url}/api/session`,
			{ email: `${count}@example.org`, password: PASSWORD },
			{ 'x-forwarded-for': address }
		);
	for (let count = 0; count < 3; count++)
		expect((await guess('192.0.2.1', count)).status).toBe(401);
	await expectHeldBack(await guess('192.0.2.1', 3));
	// What the client itself wrote in front of the proxy's entry changes nothing.
	await expectHeldBack(await guess('198.51.100.9, 192.0.2.1', 4));
	expect((await guess('192.0.2.2', 5)).status).toBe(401);
});
