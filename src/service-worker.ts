/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="webworker" />
/// <reference types="@sveltejs/kit" />

// The shell of the app, for when there is no network. Never data: entries are in the database on this
// device, and what comes from `/api/` and `/sync/` is not kept.
import { build, files, prerendered, version } from '$service-worker';
import {
	cleanupOutdatedCaches,
	createHandlerBoundToURL,
	precacheAndRoute,
	type PrecacheEntry
} from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

declare const self: ServiceWorkerGlobalScope;

/** What opens every address that has no page of its own in the build, such as an entry's. */
const FALLBACK = '/200.html';

precacheAndRoute([
	// Their names hold a hash of what is in them: what the browser has of them already is right.
	...build.map((url): PrecacheEntry => ({ url, revision: null })),
	...[...files, ...prerendered, FALLBACK].map((url): PrecacheEntry => ({ url, revision: version }))
]);
cleanupOutdatedCaches();

registerRoute(
	new NavigationRoute(createHandlerBoundToURL(FALLBACK), {
		denylist: [/^\/api\//, /^\/sync\//, /^\/health(\/|$)/]
	})
);

self.addEventListener('message', (event) => {
	// The person pressed *Update*; until then this worker waits.
	if ((event.data as { type?: unknown } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});
