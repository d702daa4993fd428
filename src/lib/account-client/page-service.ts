import { Service } from './service.ts';

/** The service, as a page asks it: at the page's own origin, as whoever is signed in. */
export function pageService(): Service {
	return new Service('', (url, init) => fetch(url, { ...init, credentials: 'same-origin' }));
}
