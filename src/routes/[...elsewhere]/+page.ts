import { error } from '@sveltejs/kit';

export const prerender = false;
export const ssr = false;

/** An address that nothing stands at: the error page says so, and nothing is logged as a fault. */
export function load(): never {
	error(404);
}
