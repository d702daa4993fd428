import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';

export interface CountedLine {
	/** Without a slash at the end. */
	url: string;
	/** Bytes that passed since the last call, both ways, HTTP's own included. */
	take(): number;
	close(): void;
}

/** A line to a service on this machine on which every byte is counted. */
export async function countLine(service: string): Promise<CountedLine> {
	const { hostname, port } = new URL(service);
	let bytes = 0;
	const server = createServer((near) => {
		const far = connect(Number(port), hostname);
		for (const [from, to] of [
			[near, far],
			[far, near]
		] as const) {
			from.on('data', (chunk: Buffer) => (bytes += chunk.length));
			from.on('error', () => to.destroy());
			from.pipe(to);
		}
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		take() {
			const taken = bytes;
			bytes = 0;
			return taken;
		},
		close: () => void server.close()
	};
}
