import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { NEWS_PATH } from '#service/peers/call-peer.ts';
import { News, NEWS_BYTES } from '#service/peers/news.ts';
import { isSigned, PROCESS_HEADER, SIGNATURE_HEADER } from '#service/peers/signature.ts';

/** Milliseconds a whole call may take to arrive. */
const ARRIVAL_MS = 5_000;
/** Connections at a time: some for each of far more processes than there will be. */
const CONNECTIONS_MOST = 1_000;

export interface PeerServerOptions {
	secret: string;
	/** This process. */
	id: string;
	/** Called with what other processes tell. */
	hear: (news: News) => void;
}

/** What listens to the other processes, and to nobody else: refusals have no body. Not listening yet. */
export function createPeerServer(options: PeerServerOptions): Server {
	const server = createServer(
		{
			requestTimeout: ARRIVAL_MS,
			headersTimeout: ARRIVAL_MS,
			connectionsCheckingInterval: ARRIVAL_MS / 2
		},
		(request, response) => {
			answer(request, options).then(
				(status) => end(request, response, status, options.id),
				() => response.destroy()
			);
		}
	);
	server.maxConnections = CONNECTIONS_MOST;
	return server;
}

/** @throws when the call broke off */
async function answer(
	request: IncomingMessage,
	{ secret, id, hear }: PeerServerOptions
): Promise<number> {
	if (request.method !== 'POST' || request.url !== NEWS_PATH) return 404;
	const body = await readBody(request);
	if (body === undefined) return 413;
	if (!isSigned(secret, body, String(request.headers[SIGNATURE_HEADER] ?? ''))) return 403;
	const news = parse(body);
	if (news === undefined) return 400;
	// Its own voice, by a name that resolves to all processes.
	if (news.from !== id) hear(news);
	return 204;
}

function end(request: IncomingMessage, response: ServerResponse, status: number, id: string): void {
	// What nobody read of the body is not waited for.
	if (!request.complete) response.setHeader('connection', 'close');
	response.writeHead(status, status === 204 ? { [PROCESS_HEADER]: id } : {}).end();
}

/** `undefined`: it is larger than any news. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
	if (Number(request.headers['content-length'] ?? 0) > NEWS_BYTES) return undefined;
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of request.iterator({ destroyOnReturn: false })) {
		const part = chunk as Uint8Array;
		bytes += part.length;
		if (bytes > NEWS_BYTES) return undefined;
		chunks.push(part);
	}
	return Uint8Array.from(Buffer.concat(chunks));
}

function parse(body: Uint8Array): News | undefined {
	try {
		return News.safeParse(JSON.parse(Buffer.from(body).toString())).data;
	} catch {
		return undefined;
	}
}
