import adapter from '@sveltejs/adapter-static';

// One version a build: Kit reads this file several times, in several processes that share the environment.
process.env.OUTLAY_VERSION ??= new Date().toISOString();
/** Where the pages go. A test builds a second version beside the first. */
const pages = process.env.OUTLAY_PAGES ?? 'build';

/** @type {import('@sveltejs/kit').Config} */
export default {
	kit: {
		// The sync service serves the pages; what was not prerendered opens through the fallback.
		adapter: adapter({ pages, assets: pages, fallback: '200.html', precompress: true }),
		files: { serviceWorker: 'src/service-worker.ts' },
		// The page registers the worker itself, with workbox-window: it asks before it updates.
		serviceWorker: { register: false },
		version: { name: process.env.OUTLAY_VERSION },
		prerender: { handleHttpError: 'fail', handleMissingId: 'fail' },
		// Scripts and styles only from us; Kit's own inline bootstrap by its hash.
		// What a <meta> cannot say (frame-ancestors) the service sends as a header.
		csp: {
			mode: 'hash',
			directives: {
				'default-src': ['self'],
				'script-src': ['self'],
				// The hash is of the style attribute on the element in which Kit announces pages to screen readers.
				'style-src': [
					'self',
					'unsafe-hashes',
					'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='
				],
				'img-src': ['self', 'data:', 'blob:'],
				'connect-src': ['self'],
				'worker-src': ['self'],
				'manifest-src': ['self'],
				'object-src': ['none'],
				'base-uri': ['none'],
				'form-action': ['self']
			}
		}
	}
};
