import { expect, test } from 'vitest';
import { findPeers, toPeerName } from '#service/peers/peer-address.ts';

test.each([
	['outlay-peers:8092', { host: 'outlay-peers', port: 8092 }],
	[
		'outlay-peers.outlay.svc.cluster.local',
		{ host: 'outlay-peers.outlay.svc.cluster.local', port: 7 }
	],
	['10.0.0.1:80', { host: '10.0.0.1', port: 80 }],
	['10.0.0.1', { host: '10.0.0.1', port: 7 }],
	['[fd00::2]:80', { host: 'fd00::2', port: 80 }],
	['[fd00::2]', { host: 'fd00::2', port: 7 }],
	['fd00::2', { host: 'fd00::2', port: 7 }],
	['outlay:0', undefined],
	['outlay:65536', undefined],
	['http://outlay:80', undefined],
	['[outlay]:80', undefined],
	['user@outlay', undefined],
	[':80', undefined]
])('%s', (text, name) => {
	expect(toPeerName(text, 7)).toEqual(name);
});

const name = { host: 'outlay-peers', port: 8092 };

test('a name is all its addresses, of both families', async () => {
	const found = await findPeers([name], new Map(), async () => ['10.0.0.1', 'fd00::2']);
	expect(found.get(name)).toEqual(['10.0.0.1:8092', '[fd00::2]:8092']);
});

test('an address is not asked for', async () => {
	const address = { host: 'fd00::2', port: 1 };
	const find = () => Promise.reject(new Error('asked'));
	expect((await findPeers([address], new Map(), find)).get(address)).toEqual(['[fd00::2]:1']);
});

test.each([
	['ENOTFOUND', []],
	['EAI_AGAIN', ['10.0.0.1:8092']]
])('a name that fails with %s', async (code, addresses) => {
	const known = new Map([[name, ['10.0.0.1:8092']]]);
	const find = () => Promise.reject(Object.assign(new Error('no'), { code }));
	expect((await findPeers([name], known, find)).get(name)).toEqual(addresses);
});
