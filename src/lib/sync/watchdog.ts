import { HEARTBEAT_MIN_MS } from '#contract/replication.ts';
import type { Fetch } from './careful-fetch.ts';

/** A longpoll that is silent for this long is dead, in milliseconds: two heartbeats and a half. */
export const LONGPOLL_SILENCE_MS = 2.5 * HEARTBEAT_MIN_MS;
/** So is any other request, in milliseconds: a store may take a minute, and a batch has to be sent first. */
const SILENCE_MS = 90_000;

/**
 * A `fetch` whose connection is cut when nothing arrives any more: a phone that changes networks keeps
 * connections that nobody answers on.
 *
 * @param onheard called with every sign of life.
 */
export function withWatchdog(fetch: Fetch, onheard: () => void): Fetch {
	return async (url, init) => {
		const address = typeof url === 'string' ? url : url.url;
		const limit = /[?&]feed=longpoll(&|$)/.test(address) ? LONGPOLL_SILENCE_MS : SILENCE_MS;
		const silence = new AbortController();
		const signal = init?.signal ? AbortSignal.any([init.signal, silence.signal]) : silence.signal;
		const wait = (): ReturnType<typeof setTimeout> =>
			setTimeout(() => silence.abort(new TypeError('The connection fell silent')), limit);
		let timer = wait();
		const heard = (): void => {
			onheard();
			clearTimeout(timer);
			timer = wait();
		};
		try {
			const response = await fetch(url, { ...init, signal });
			heard();
			if (response.body)
				return new Response(response.body.pipeThrough(listen(heard, end)), response);
			end();
			return response;
		} catch (error) {
			end();
			throw error;
		}
		function end(): void {
			clearTimeout(timer);
		}
	};
}

function listen(heard: () => void, end: () => void): TransformStream<Uint8Array, Uint8Array> {
	return new TransformStream({
		transform(chunk, controller) {
			heard();
			controller.enqueue(chunk);
		},
		flush: end
	});
}
