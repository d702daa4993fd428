import { afterEach, expect, test } from 'vitest';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { PASSWORD, type RawAnswer, sendRaw, signUp } from '#tests/service/people.ts';

let service: RunningService;
afterEach(() => service.stop());

const credentials = JSON.stringify({ email: 'a@example.org', password: PASSWORD });

function post(path: string, headers: Record<string, string>): Promise<RawAnswer> {
	const type = { 'content-type': 'application/json' };
	return sendRaw(service.url, 'POST', path, { ...type, ...headers }, credentials);
}

test('without PUBLIC_URL a page is ours when its host is the one that was asked', async () => {
	service = await runService();
	const host = new URL(service.url).host;
	const refused = [
		{ origin: 'https://evil.example' },
		{ origin: 'null' },
		{ origin: `http://${host}.evil.example` },
		{ origin: `http://user@${host}` },
		{ origin: '' },
		{ 'sec-fetch-site': 'cross-site' },
		{ origin: service.url, 'sec-fetch-site': 'cross-site' }
	];
	for (const headers of refused) {
		for (const path of ['/api/session', '/api/account', '/%61pi/session', '/sync/x/_bulk_docs']) {
			const answer = await post(path, headers as Record<string, string>);
			expect({ headers, path, status: answer.status }).toEqual({ headers, path, status: 403 });
			expect(JSON.parse(answer.text)).toMatchObject({ error: 'cross-site' });
		}
	}
	expect((await post('/api/session', { origin: service.url })).status).toBe(401);
	expect((await post('/api/session', {})).status).toBe(401);
	expect((await post('/api/session', { 'sec-fetch-site': 'same-origin' })).status).toBe(401);
});

test('another site cannot even read, but it may link to a page', async () => {
	service = await runService();
	const ann = await signUp(service.url);
	const headers = { cookie: ann.cookie, 'sec-fetch-site': 'cross-site' };
	for (const path of ['/api/session', '/sync/', `/sync/${ann.ledgerId}/_changes`]) {
		expect((await sendRaw(service.url, 'GET', path, headers)).status).toBe(403);
	}
	expect((await sendRaw(service.url, 'GET', '/', headers)).text).toContain('npm run build');
});

test('with PUBLIC_URL only its origin is ours, whatever Host says', async () => {
	service = await runService({ env: { PUBLIC_URL: 'https://outlay.example.org' } });
	expect((await post('/api/session', { origin: 'https://outlay.example.org' })).status).toBe(401);
	expect((await post('/api/session', { origin: 'http://outlay.example.org' })).status).toBe(403);
	const answer = await post('/api/session', { origin: 'https://x.example', host: 'x.example' });
	expect(answer.status).toBe(403);
});

test('who brings a proof that no browser adds by itself may come from anywhere, without a cookie', async () => {
	service = await runService();
	const ann = await signUp(service.url);
	const basic = { authorization: `Basic ${btoa('ann@example.org:secret')}` };
	const from = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
	const path = `/sync/${ann.ledgerId}/_changes`;
	const ask = (headers: Record<string, string>) => sendRaw(service.url, 'GET', path, headers);
	expect((await ask({ ...basic, ...from })).status).toBe(401);
	expect((await ask({ ...basic, ...from, cookie: ann.cookie })).status).toBe(403);
	expect((await ask({ ...from, cookie: ann.cookie })).status).toBe(403);
	// A page may not send it: it would have to ask first, and nobody answers.
	const asked = await sendRaw(service.url, 'OPTIONS', path, {
		origin: 'https://evil.example',
		'access-control-request-method': 'GET',
		'access-control-request-headers': 'authorization'
	});
	expect(asked.headers['access-control-allow-origin']).toBeUndefined();
});

async function signUpRaw(headers: Record<string, string> = {}): Promise<RawAnswer> {
	const answer = await post('/api/account', headers);
	expect(answer.status).toBe(201);
	return answer;
}

test('over http the cookie is plain, and no browser is told to insist on https', async () => {
	service = await runService();
	const { headers } = await signUpRaw();
	expect(headers['set-cookie']?.[0]).toMatch(
		/^outlay-session=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/
	);
	expect(headers['strict-transport-security']).toBeUndefined();
});

test('over https the cookie is bound to the host and to https', async () => {
	service = await runService({ env: { PUBLIC_URL: 'https://outlay.example.org' } });
	const { headers } = await signUpRaw();
	expect(headers['set-cookie']?.[0]).toMatch(
		/^__Host-outlay-session=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/
	);
	expect(headers['strict-transport-security']).toMatch(/^max-age=\d{8}$/);
	const [cookie = ''] = (headers['set-cookie']?.[0] ?? '').split(';');
	const as = (value: string) => sendRaw(service.url, 'GET', '/api/session', { cookie: value });
	expect((await as(cookie)).status).toBe(200);
	// The plain name, which a sister host could have set, is not looked at.
	expect((await as(cookie.replace('__Host-', ''))).status).toBe(401);
});

test('a proxy that is trusted tells whether it is https; nobody else does', async () => {
	service = await runService({ env: { TRUST_PROXY: '1' } });
	const https = { 'x-forwarded-proto': 'https' };
	const trusted = (await signUpRaw(https)).headers;
	expect(trusted['set-cookie']?.[0]).toMatch(/^__Host-/);
	expect(trusted['strict-transport-security']).toMatch(/^max-age=\d{8}$/);
	const overHttp = { 'x-forwarded-proto': 'http' };
	const plain = (await sendRaw(service.url, 'GET', '/api/session', overHttp)).headers;
	expect(plain['strict-transport-security']).toBeUndefined();
	await service.stop();
	service = await runService();
	const { headers } = await signUpRaw(https);
	expect(headers['set-cookie']?.[0]).toMatch(/^outlay-session=/);
	expect(headers['strict-transport-security']).toBeUndefined();
});

test('headers let nothing be done with data', async () => {
	service = await runService();
	const { headers } = await sendRaw(service.url, 'GET', '/api/session');
	expect(headers).toMatchObject({
		'content-security-policy':
			"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
		'x-content-type-options': 'nosniff',
		'referrer-policy': 'same-origin',
		'cross-origin-opener-policy': 'same-origin',
		'cache-control': 'no-store'
	});
});
