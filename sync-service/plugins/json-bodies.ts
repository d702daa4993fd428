import type { FastifyInstance } from 'fastify';

/** A body that is not JSON. */
export class BrokenJson extends Error {
	override name = 'BrokenJson';
}

/**
 * Reads every body as JSON, whatever its content type says: a form or a text body is then
 * `malformed-json`, never a silent success, and `application/json` with nothing in it, which
 * PouchDB sends, is no body.
 */
export function addJsonBodies(app: FastifyInstance): void {
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => {
		if (text === '') return done(null, undefined);
		try {
			done(null, JSON.parse(text as string));
		} catch {
			// Not the error itself: it quotes what was sent.
			done(new BrokenJson(), undefined);
		}
	});
	app.addHook('onRequest', (request, _reply, done) => {
		// A content type Fastify cannot parse would be answered 415 before any parser is asked.
		if (request.raw.headers['content-type'] !== undefined) {
			request.raw.headers['content-type'] = 'application/json';
		}
		done();
	});
}
