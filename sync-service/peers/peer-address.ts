import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

/** A name, or an address, with its port. */
export interface PeerName {
	host: string;
	port: number;
}

/** `host:port`, `[address]:port` or either without its port; `undefined` for anything else. */
export function toPeerName(text: string, defaultPort: number): PeerName | undefined {
	if (isIP(text) === 6) return { host: text, port: defaultPort };
	const parts = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]{1,253}))(?::(\d{1,5}))?$/.exec(text);
	if (!parts) return undefined;
	const [, address, name, port] = parts;
	if (address !== undefined && isIP(address) !== 6) return undefined;
	const number = port === undefined ? defaultPort : Number(port);
	if (number === 0 || number > 65_535) return undefined;
	return { host: address ?? name ?? '', port: number };
}

/** Where to reach a peer, as a URL has it: `10.0.0.7:8092`, `[fd00::7]:8092`. */
export type PeerAddress = string;

/** All addresses of a name. @throws the resolver's error */
export type FindAddresses = (host: string) => Promise<readonly string[]>;

/** As the system resolves names, its hosts file and search domains included; of both families. */
export const findAddresses: FindAddresses = async (host) =>
	(await lookup(host, { all: true })).map(({ address }) => address);

/**
 * Where the peers are now. A name that could not be asked for keeps the addresses it had; one that does not
 * exist has none, as that of a service without processes.
 */
export async function findPeers(
	names: readonly PeerName[],
	known: ReadonlyMap<PeerName, readonly PeerAddress[]>,
	find: FindAddresses
): Promise<Map<PeerName, readonly PeerAddress[]>> {
	const found = new Map<PeerName, readonly PeerAddress[]>();
	// One after the other: each waits in a thread, of which there are four for everything.
	for (const name of names) found.set(name, await findPeer(name, known.get(name) ?? [], find));
	return found;
}

async function findPeer(
	{ host, port }: PeerName,
	known: readonly PeerAddress[],
	find: FindAddresses
): Promise<readonly PeerAddress[]> {
	if (isIP(host) !== 0) return [toPeerAddress(host, port)];
	try {
		return (await find(host)).map((address) => toPeerAddress(address, port));
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'ENOTFOUND' ? [] : known;
	}
}

function toPeerAddress(address: string, port: number): PeerAddress {
	return `${isIP(address) === 6 ? `[${address}]` : address}:${port}`;
}
