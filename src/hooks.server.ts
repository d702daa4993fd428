import type { Handle } from '@sveltejs/kit';
import * as m from '#messages';

/** What `app.html` says by itself is in the language of the build too. */
export const handle: Handle = ({ event, resolve }) =>
	resolve(event, {
		transformPageChunk: ({ html }) =>
			html
				.replace('%outlay.language%', m.LANGUAGE)
				.replace('%outlay.direction%', m.DIRECTION)
				.replace('%outlay.description%', m.shell_description())
				.replace('%outlay.noscript%', m.shell_noscript())
	});
