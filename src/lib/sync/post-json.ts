import type { Fetch } from './careful-fetch.ts';

export function postJson(url: string, body: unknown, fetch: Fetch): Promise<Response> {
	return fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body)
	});
}
