import { expect, test } from 'vitest';
import { trustedPeers } from '#service/plugins/trusted-peers.ts';

test.each<[number | string, string, boolean]>([
	[0, '127.0.0.1', false],
	[1, '192.0.2.1', true],
	['10.0.0.0/8', '10.1.2.3', true],
	['10.0.0.0/8', '::ffff:10.1.2.3', true],
	['10.0.0.0/8', '11.1.2.3', false],
	['192.0.2.1, fd00::/8', 'fd00::1', true],
	['192.0.2.1, fd00::/8', '192.0.2.1', true],
	['192.0.2.1, fd00::/8', '192.0.2.2', false],
	['loopback', '::1', true],
	['uniquelocal', '172.31.0.1', true],
	['linklocal', '169.253.0.1', false]
])('with TRUST_PROXY=%s, %s is a proxy of ours: %s', (trustProxy, address, expected) => {
	const isOurs = trustedPeers({ trustProxy });
	expect(isOurs(address)).toBe(expected);
	expect(isOurs(undefined) && typeof trustProxy === 'string').toBe(false);
});
