import manifest from '../../../manifest.webmanifest?raw';

export const prerender = true;

/** The one web app manifest, at the root of the repository, under the address that pages link to. */
export function GET(): Response {
	return new Response(manifest, { headers: { 'content-type': 'application/manifest+json' } });
}
