import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { listPageFiles } from '#service/plugins/page-files.ts';
import { sendProblem } from '#service/plugins/problems.ts';
import { isForService } from '#service/plugins/secure-origin.ts';

/** What every page that was not prerendered opens with. */
const FALLBACK = '200.html';
/** A year, in seconds. */
const IMMUTABLE_SECONDS = 31_536_000;

/** Serves the built pages of `folder` (absolute), if there are any. */
export async function addPages(app: FastifyInstance, folder: string): Promise<void> {
	const files = listPageFiles(folder);
	await app.register(fastifyStatic, {
		root: folder,
		serve: false,
		suppressWarning: true,
		preCompressed: true,
		// The tag says the same, and both would go along with every file.
		lastModified: false,
		cacheControl: false,
		// A range of a packed file is nothing that anybody could use.
		acceptRanges: false,
		setHeaders: setFileHeaders
	});

	function sendPage(request: FastifyRequest, reply: FastifyReply): FastifyReply {
		const path = readPath(request);
		if (path === undefined || isForService(request)) return sendProblem(reply, 'not-found');
		const file = files.find(path);
		if (file !== undefined) return reply.sendFile(file);
		if (!wantsPage(request, path)) return sendProblem(reply, 'not-found');
		if (files.find(FALLBACK) !== undefined) return reply.sendFile(FALLBACK);
		return reply
			.status(503)
			.header('retry-after', 10)
			.type('text/plain; charset=utf-8')
			.send('Outlay has no pages yet: run `npm run build`, then open this address again.\n');
	}

	app.route({ method: ['GET', 'HEAD'], url: '/*', handler: sendPage });
	app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'not-found'));
}

/** The path of the address without its first slash; `undefined` where it is not plain. */
function readPath(request: FastifyRequest): string | undefined {
	const [rawPath = ''] = (request.raw.url ?? '').split('?');
	try {
		const path = decodeURIComponent(rawPath);
		// eslint-disable-next-line no-control-regex -- control characters are what is refused
		const isPlain = path.startsWith('/') && !/\/\/|\\|[\0-\x1f]|(^|\/)\.\.?(\/|$)/.test(path);
		return isPlain ? path.slice(1) : undefined;
	} catch {
		return undefined;
	}
}

/** A person opening a page, not a page missing one of its parts. */
function wantsPage(request: FastifyRequest, path: string): boolean {
	if (path === '') return true;
	if (path.startsWith('_app/')) return false;
	return (request.headers.accept ?? '').includes('text/html');
}

function setFileHeaders(reply: FastifyReply, path: string): void {
	const isImmutable = path.includes('/_app/immutable/');
	reply.header(
		'cache-control',
		isImmutable ? `public, max-age=${IMMUTABLE_SECONDS}, immutable` : 'no-cache'
	);
	// HTTP/1.1 keeps a connection without being told: a page has some thirty parts, and each would tell it.
	if (isImmutable) reply.raw.removeHeader('connection');
}
