import {
	type FastifyBaseLogger,
	type FastifyInstance,
	type FastifyReply,
	type FastifyRequest,
	LogController
} from 'fastify';
import { toRouteName } from '#service/plugins/route-name.ts';

/** The status of a request whose client went away before it was answered; no client ever sees it. */
export const GONE = 499;

declare module 'fastify' {
	interface FastifyInstance {
		/** Tells of a request whose client went away before it was answered. */
		tellGone(request: FastifyRequest): void;
		onGone(listener: (request: FastifyRequest) => void): void;
	}
	interface FastifyRequest {
		/** Bytes that its connection had sent before. */
		sentBefore: number;
	}
}

/** One line for each request once it is over, and none before. */
export class RequestLog extends LogController {
	override incomingRequest(): void {}
	override routeNotFound(): void {}
	// The problem handler says what there is to say.
	override defaultErrorLog(): void {}

	override requestCompleted(_error: unknown, request: FastifyRequest, reply: FastifyReply): void {
		logRequest(request, reply.statusCode, reply.elapsedTime);
	}

	override serviceUnavailable(logger: FastifyBaseLogger): void {
		logger.info('a request came while the service is closing');
	}
}

/** Counts what each request's answer took up, and logs those that break off. */
export function addRequestLog(app: FastifyInstance): void {
	app.decorateRequest('sentBefore', 0);
	app.addHook('onRequest', (request, _reply, done) => {
		request.sentBefore = request.raw.socket.bytesWritten;
		done();
	});
	const listeners = [(request: FastifyRequest) => logRequest(request, GONE)];
	app.decorate('onGone', (listener: (request: FastifyRequest) => void) => {
		listeners.push(listener);
	});
	app.decorate('tellGone', (request: FastifyRequest) => {
		for (const listener of listeners) listener(request);
	});
	app.addHook('onRoute', (route) => {
		// Half a kilobyte for each longpoll that waits: the gateway tells by itself.
		if (route.url.startsWith('/sync/')) return;
		route.onRequestAbort = async (request) => app.tellGone(request);
	});
}

function logRequest(request: FastifyRequest, status: number, ms?: number): void {
	const { method, raw, log, sentBefore } = request;
	const route = toRouteName(request);
	const line = {
		method,
		route,
		status,
		...(ms !== undefined && { ms: Math.round(ms) }),
		bytes: raw.socket.bytesWritten - sentBefore
	};
	log[isFrequent(route, status) ? 'debug' : 'info'](line, 'answered');
}

/** What goes well, says nothing of anybody and comes all the time: ten thousand idle devices are no news. */
function isFrequent(route: string, status: number): boolean {
	if (status >= 500) return false;
	if (route.endsWith('feed=longpoll') || route === '/*') return true;
	return route.startsWith('/health/');
}
