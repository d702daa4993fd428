import { once } from 'node:events';
import { type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { callPeer } from '#service/peers/call-peer.ts';
import { NEWS_BYTES, NEWS_MOST, type News } from '#service/peers/news.ts';
import { createPeerServer } from '#service/peers/peer-server.ts';
import { sign, SIGNATURE_HEADER } from '#service/peers/signature.ts';

const SECRET = 'a secret of more than thirty-two characters';
const NONE: Omit<News, 'from'> = { written: [], ended: [], recheck: [], forget: [] };

let server: Server;
let address: string;
const heard: News[] = [];

beforeEach(async () => {
	heard.length = 0;
	server = createPeerServer({ secret: SECRET, id: 'me', hear: (news) => void heard.push(news) });
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
	server.closeAllConnections();
	server.close();
});

function post(body: string, signature?: string, path = '/news'): Promise<Response> {
	const bytes = new TextEncoder().encode(body);
	return fetch(`http://${address}${path}`, {
		method: 'POST',
		headers: { [SIGNATURE_HEADER]: signature ?? sign(SECRET, bytes) },
		body
	});
}

test('what another process tells is heard, and it learns who heard it', async () => {
	const news = { ...NONE, from: 'other', written: ['a', 'b'], ended: ['key'] };
	expect(await callPeer(address, SECRET, news)).toBe('me');
	expect(heard).toEqual([news]);
});

test('a process that hears itself does nothing', async () => {
	expect(await callPeer(address, SECRET, { ...NONE, from: 'me', written: ['a'] })).toBe('me');
	expect(heard).toEqual([]);
});

test('another secret is refused, and told nothing', async () => {
	const news = { ...NONE, from: 'other', written: ['a'] };
	await expect(callPeer(address, 'x'.repeat(40), news)).rejects.toThrow(/PEER_SECRET/);
	for (const signature of [
		'',
		'x',
		'0'.repeat(64),
		'0'.repeat(63),
		sign(SECRET, Uint8Array.of(1))
	]) {
		const response = await post(JSON.stringify(news), signature);
		expect(response.status).toBe(403);
		expect(await response.text()).toBe('');
		expect(response.headers.get('x-outlay-process')).toBeNull();
	}
	expect(heard).toEqual([]);
});

test.each([
	['no JSON', '{'],
	['no object', '[]'],
	['nobody', '{}'],
	['an id that is none', JSON.stringify({ from: 'other', written: ['../a'] })],
	['ids that are no list', JSON.stringify({ from: 'other', written: 'a' })],
	['too many ids', JSON.stringify({ from: 'other', written: Array(NEWS_MOST + 1).fill('a') })]
])('%s is refused', async (_, body) => {
	expect((await post(body)).status).toBe(400);
	expect(heard).toEqual([]);
});

test('news of a kind that only newer processes know leaves the rest as it is', async () => {
	const body = JSON.stringify({ from: 'other', written: ['a'], repainted: ['b'] });
	expect((await post(body)).status).toBe(204);
	expect(heard).toEqual([{ ...NONE, from: 'other', written: ['a'] }]);
});

test('the most that one call may hold is let in', async () => {
	const ids = Array.from({ length: NEWS_MOST }, (_, at) => `${at}`.padStart(128, 'x'));
	await callPeer(address, SECRET, { ...NONE, from: 'other', written: ids });
	expect(heard).toHaveLength(1);
});

test('more than that is refused before it has arrived', async () => {
	const [host = '', port] = address.split(':');
	const socket = connect(Number(port), host);
	socket.write('POST /news HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
	const chunk = 'x'.repeat(64 * 1024);
	for (let sent = 0; sent <= NEWS_BYTES; sent += chunk.length) {
		socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
	}
	const [answer] = (await once(socket, 'data')) as [Buffer];
	expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
	socket.destroy();
	const declared = await post('x'.repeat(NEWS_BYTES + 1));
	expect(declared.status).toBe(413);
});

test('there is nothing else', async () => {
	expect((await fetch(`http://${address}/news`)).status).toBe(404);
	expect((await post('{}', undefined, '/')).status).toBe(404);
	expect((await post('{}', undefined, '/news?x')).status).toBe(404);
});
