import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { sendRaw } from '#tests/service/people.ts';

const HTML = { accept: 'text/html,application/xhtml+xml' };
let service: RunningService;
let folder: string;
let pagesFolder: string;

async function writePage(path: string, content: string): Promise<void> {
	const file = join(pagesFolder, path);
	await mkdir(dirname(file), { recursive: true });
	await writeFile(file, content);
	await writeFile(`${file}.br`, Uint8Array.from(brotliCompressSync(content)));
	await writeFile(`${file}.gz`, Uint8Array.from(gzipSync(content)));
}

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'outlay-pages-'));
	pagesFolder = join(folder, 'build');
	await writePage('index.html', '<h1>home</h1>');
	await writePage('add.html', '<h1>add</h1>');
	await writePage('settings.html', '<h1>settings</h1>');
	await writePage('settings/account.html', '<h1>account</h1>');
	await writePage('200.html', '<h1>shell</h1>');
	await writePage('service-worker.js', 'self.skip');
	await writePage('manifest.webmanifest', '{"name":"Outlay"}');
	await writePage('_app/immutable/chunk.js', 'export {};');
	await writePage('_app/version.json', '{}');
	await writeFile(join(folder, 'outside.txt'), 'not for anybody');
	service = await runService({ parts: { pagesFolder } });
});
afterAll(async () => {
	await service.stop();
	await rm(folder, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string> = {}) =>
	sendRaw(service.url, 'GET', path, headers);

test.each([
	['/', 'home'],
	['/index.html', 'home'],
	['/add', 'add'],
	['/add?amount=5', 'add'],
	['/settings', 'settings'],
	['/settings/account', 'account'],
	['/insights', 'shell'],
	['/transaction/transaction%3Aabc', 'shell'],
	['/200.html', 'shell']
])('%s opens %s', async (path, title) => {
	const { status, text, headers } = await get(path, HTML);
	expect({ status, text }).toEqual({ status: 200, text: `<h1>${title}</h1>` });
	expect(headers['content-type']).toMatch(/^text\/html/);
	expect(headers['cache-control']).toBe('no-cache');
});

test.each([
	['/_app/immutable/chunk.js', /javascript/, 'public, max-age=31536000, immutable'],
	['/service-worker.js', /javascript/, 'no-cache'],
	['/_app/version.json', /^application\/json/, 'no-cache'],
	['/manifest.webmanifest', /^application\/manifest\+json/, 'no-cache']
])('%s has its type and is cached as long as it may be', async (path, type, cached) => {
	for (const encoding of ['identity', 'gzip', 'br']) {
		const { status, headers } = await get(path, { 'accept-encoding': encoding });
		expect(status).toBe(200);
		expect(headers['content-type']).toMatch(type);
		expect(headers['cache-control']).toBe(cached);
		expect(headers['content-encoding']).toBe(encoding === 'identity' ? undefined : encoding);
		expect(headers.vary).toBe('accept-encoding');
	}
});

test('a page that was not prerendered is compressed too', async () => {
	const answer = await fetch(`${service.url}/insights`, {
		headers: { ...HTML, 'accept-encoding': 'br' }
	});
	expect(answer.headers.get('content-encoding')).toBe('br');
	expect(await answer.text()).toBe('<h1>shell</h1>');
});

test('what has not changed is not sent again', async () => {
	const { etag } = (await get('/add', HTML)).headers;
	const again = await get('/add', { ...HTML, 'if-none-match': String(etag) });
	expect([again.status, again.text]).toEqual([304, '']);
});

test.each(['identity', 'gzip', 'br'])('nor when it is packed as %s', async (encoding) => {
	const accept = { 'accept-encoding': encoding };
	const { etag } = (await get('/_app/version.json', accept)).headers;
	const known = { ...accept, 'if-none-match': String(etag) };
	const again = await get('/_app/version.json', known);
	expect([again.status, again.text, again.headers.vary]).toEqual([304, '', 'accept-encoding']);
	await writePage('_app/version.json', `{"of":"${encoding}"}`);
	expect((await get('/_app/version.json', known)).status).toBe(200);
});

test('a part of a file is not to be had: the whole comes', async () => {
	const { status, text, headers } = await get('/add', { ...HTML, range: 'bytes=0-3' });
	expect([status, text]).toEqual([200, '<h1>add</h1>']);
	expect(headers).not.toHaveProperty('content-range');
});

test('a page cannot be framed, guessed at, or given a camera; an asset does without what only pages need', async () => {
	const page = (await get('/add', HTML)).headers;
	expect(page).toMatchObject({
		'content-security-policy': "frame-ancestors 'none'; object-src 'none'; base-uri 'none'",
		'x-frame-options': 'DENY',
		'x-content-type-options': 'nosniff',
		'referrer-policy': 'same-origin',
		'permissions-policy': expect.stringContaining('camera=()'),
		'cross-origin-opener-policy': 'same-origin',
		'cross-origin-resource-policy': 'same-origin'
	});
	const asset = (await get('/_app/immutable/chunk.js')).headers;
	expect(asset).toMatchObject({
		'x-content-type-options': 'nosniff',
		'cross-origin-resource-policy': 'same-origin'
	});
	for (const headers of [page, asset]) {
		for (const name of ['server', 'x-powered-by', 'set-cookie', 'strict-transport-security']) {
			expect(headers).not.toHaveProperty(name);
		}
	}
});

test('password managers find where a password is changed', async () => {
	const { status, headers } = await get('/.well-known/change-password');
	expect([status, headers.location]).toEqual([302, '/settings/account']);
	expect((await get('/.well-known/security.txt', HTML)).status).toBe(404);
});

test('whoever finds a weakness reads whom to tell, where that is set', async () => {
	const securityContact = 'mailto:security@example.org';
	const other = await runService({ parts: { pagesFolder, securityContact } });
	const { status, headers, text } = await sendRaw(other.url, 'GET', '/.well-known/security.txt');
	await other.stop();
	expect([status, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
	expect(text).toMatch(/^Contact: mailto:security@example\.org\nExpires: \d{4}-\d\d-\d\dT/);
});

test('HEAD says the same without a body', async () => {
	const { status, text, headers } = await sendRaw(service.url, 'HEAD', '/add', HTML);
	expect([status, text, headers['content-length']]).toEqual([200, '', '12']);
});

test.each([
	['/_app/immutable/gone.js', {}],
	['/_app/immutable/gone.js', HTML],
	['/icons/gone.png', { accept: 'image/*' }],
	['/insights', { accept: '*/*' }],
	['/api/insights', HTML],
	['/sync', HTML],
	['/health', HTML],
	['/../outside.txt', {}],
	['/%2e%2e/outside.txt', {}],
	['/..%2foutside.txt', {}],
	['/_app/..%2f..%2f..%2foutside.txt', {}],
	['/..\\outside.txt', {}],
	['//outside.txt', {}],
	['/_app/../../outside.txt', {}],
	['/add%00.html', {}],
	['/%zz', HTML],
	['/_app', {}],
	['/index.html.br', {}]
] as const)('%s with %j is not there', async (path, headers) => {
	const answer = await get(path, headers);
	expect([400, 404]).toContain(answer.status);
	expect(Object.keys(JSON.parse(answer.text) as object)).toEqual(['error', 'reason']);
});

test('a new build is found without a restart', async () => {
	await writePage('_app/immutable/newer.js', 'export const newer = 1;');
	await expect
		.poll(async () => (await get('/_app/immutable/newer.js')).status, { timeout: 5_000 })
		.toBe(200);
});
