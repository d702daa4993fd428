import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeRequest {
	method: string;
	path: string;
	authorization: string | undefined;
	/** `x-request-id`. */
	requestId: string | undefined;
	body: string;
}

/** What the fake answers one request with; `'hang up'` closes the connection without a word. */
export type FakeAnswer =
	{ status: number; body?: unknown; headers?: Record<string, string> } | 'hang up' | 'say nothing';

export interface FakeStore {
	url: string;
	/** Everything it was asked, in order. */
	requests: FakeRequest[];
	stop(): Promise<void>;
}

/** A store for tests that answers as it is told, and remembers what it was asked. */
export async function startFakeStore(
	answer: (request: FakeRequest, count: number) => FakeAnswer | Promise<FakeAnswer>
): Promise<FakeStore> {
	const requests: FakeRequest[] = [];
	const respond = async (incoming: IncomingMessage, response: ServerResponse) => {
		let body = '';
		for await (const piece of incoming) body += piece;
		const { method = '', url = '', headers } = incoming;
		const request = {
			method,
			path: url,
			authorization: headers.authorization,
			requestId: headers['x-request-id']?.toString(),
			body
		};
		requests.push(request);
		const said = await answer(request, requests.length);
		if (said === 'say nothing') return;
		if (said === 'hang up') {
			response.destroy();
			return;
		}
		response.writeHead(said.status, { 'content-type': 'application/json', ...said.headers });
		response.end(JSON.stringify(said.body ?? {}));
	};
	const server = createServer((incoming, response) => void respond(incoming, response));
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		requests,
		stop: async () => {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		}
	};
}
