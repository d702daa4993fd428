import { once } from 'node:events';
import { type IncomingMessage, request as sendRequest } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { PASSWORD, type Person, signIn, signUp } from '#tests/service/people.ts';

const running: RunningService[] = [];
afterEach(async () => {
	for (const service of running.splice(0).reverse()) await service.stop();
});

/** Two processes' worth of service over one store. Neither looks for writes, which would wake as well. */
async function runTwo(): Promise<{ here: RunningService; there: RunningService }> {
	const parts = { longpolls: { recheckMs: 1_000_000 } };
	const here = await runService({ parts });
	running.push(here);
	const there = await runService({ parts, beside: here });
	running.push(there);
	return { here, there };
}

/** A longpoll that is parked, and what it will be answered. */
async function park(person: Person, url: string): Promise<{ answer: Promise<string> }> {
	const request = sendRequest(
		`${url}/sync/${person.ledgerId}/_changes?feed=longpoll&heartbeat=10000`,
		{
			headers: { cookie: person.cookie }
		}
	);
	request.end();
	const [response] = (await once(request, 'response')) as [IncomingMessage];
	let text = '';
	response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
	return { answer: once(response, 'end').then(() => text) };
}

test('a session that ends in one process ends its longpoll in another within five seconds', async () => {
	const { here, there } = await runTwo();
	const ann = await signUp(here.url);
	const laptop = await signIn(here.url, ann.email);
	const parked = await park(ann, there.url);
	const other = await park(laptop, there.url);
	const since = Date.now();
	await ann.send('/api/session', { method: 'DELETE' });
	expect(JSON.parse(await parked.answer)).toMatchObject({ results: [] });
	expect(Date.now() - since).toBeLessThan(5_000);
	const settled = await Promise.race([other.answer, Promise.resolve('still parked')]);
	expect(settled).toBe('still parked');
	const again = await fetch(`${there.url}/api/session`, { headers: { cookie: ann.cookie } });
	expect(again.status).toBe(401);
});

test('a changed password, and a deleted account, end in one process what another holds open', async () => {
	const { here, there } = await runTwo();
	const [ann, bob] = [await signUp(here.url), await signUp(here.url)];
	const phone = await signIn(here.url, ann.email);
	const [hers, his] = [await park(phone, there.url), await park(bob, there.url)];
	const since = Date.now();
	const change = { password: PASSWORD, newPassword: 'staple battery horse' };
	expect((await ann.ask('PUT', '/api/account/password', change)).status).toBe(204);
	expect((await bob.ask('DELETE', '/api/account', { password: PASSWORD })).status).toBe(204);
	for (const { answer } of [hers, his]) {
		expect(JSON.parse(await answer)).toMatchObject({ results: [] });
	}
	expect(Date.now() - since).toBeLessThan(5_000);
});
