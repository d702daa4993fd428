import { BlockList, isIP } from 'node:net';
import type { PublicAddress } from '#service/plugins/secure-origin.ts';

/** The names that Fastify knows for ranges, as their ranges. */
const NAMED: Readonly<Record<string, string>> = {
	loopback: '127.0.0.1/8,::1/128',
	linklocal: '169.254.0.0/16,fe80::/10',
	uniquelocal: '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7'
};

/** Whether whoever is at the other end of a connection, by its address, is a proxy of ours. */
export function trustedPeers({
	trustProxy
}: Pick<PublicAddress, 'trustProxy'>): (address: string | undefined) => boolean {
	if (typeof trustProxy === 'number') return () => trustProxy > 0;
	const ranges = new BlockList();
	for (const named of trustProxy.split(',')) {
		const name = named.trim();
		for (const range of (NAMED[name] ?? name).split(',')) {
			const [network = '', bits] = range.split('/');
			const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
			if (bits === undefined) ranges.addAddress(network, family);
			else ranges.addSubnet(network, Number(bits), family);
		}
	}
	return (address = '') =>
		isIP(address) !== 0 && ranges.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
