import type { FastifyInstance } from 'fastify';
import { sendProblem } from '#service/plugins/problems.ts';

/** Where a password is changed. */
const ACCOUNT_PAGE = '/settings/account';

/** Milliseconds for which what `security.txt` says is good: RFC 9116 wants less than a year. */
const GOOD_FOR_MS = 180 * 86_400_000;

/**
 * `/.well-known/…`: where password managers find the form, and researchers whom to tell.
 *
 * @param contact an address that begins with `mailto:` or `https:`; unset: there is no `security.txt`.
 */
export function addWellKnown(app: FastifyInstance, contact: string | undefined): void {
	app.get('/.well-known/change-password', (_request, reply) => reply.redirect(ACCOUNT_PAGE, 302));
	app.get('/.well-known/security.txt', (_request, reply) => {
		if (contact === undefined) return sendProblem(reply, 'not-found');
		const expires = new Date(Date.now() + GOOD_FOR_MS).toISOString();
		return reply
			.type('text/plain; charset=utf-8')
			.send(`Contact: ${contact}\nExpires: ${expires}\nPreferred-Languages: en\n`);
	});
}
