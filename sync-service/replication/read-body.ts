import type { IncomingMessage } from 'node:http';
import type { Refusal } from '#service/plugins/problems.ts';
import { declaredBytes, leastPerSecond, type Pace } from '#service/replication/body-intake.ts';

export type BodyRead = { ok: true; text: string } | { ok: false; refusal: Refusal };

/** Milliseconds between two looks at how a body comes in. */
const LOOK_MS = 500;

/**
 * Reads a request's body as UTF-8, and not one byte more than `mostBytes` of it.
 *
 * @throws when the client goes away.
 */
export async function readBody(
	message: IncomingMessage,
	mostBytes: number,
	pace: Pace
): Promise<BodyRead> {
	if ((declaredBytes(message) ?? 0) > mostBytes) return tooLarge(message);
	const chunks: Uint8Array[] = [];
	const refusal = await readChunks(message, mostBytes, pace, chunks);
	if (refusal?.code === 'too-large') return tooLarge(message);
	if (refusal) return { ok: false, refusal };
	try {
		const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
		return { ok: true, text };
	} catch {
		return { ok: false, refusal: { code: 'malformed-json' } };
	}
}

function readChunks(
	message: IncomingMessage,
	mostBytes: number,
	pace: Pace,
	chunks: Uint8Array[]
): Promise<Refusal | undefined> {
	const { promise, resolve, reject } = Promise.withResolvers<Refusal | undefined>();
	const least = leastPerSecond(message, mostBytes, pace);
	const began = Date.now();
	let bytes = 0;
	const look = setInterval(() => {
		const due = ((Date.now() - began - pace.graceMs) / 1000) * least;
		if (bytes < due) resolve({ code: 'too-slow' });
	}, LOOK_MS);
	const take = (chunk: Uint8Array) => {
		bytes += chunk.length;
		if (bytes > mostBytes) resolve({ code: 'too-large' });
		else chunks.push(chunk);
	};
	const end = () => resolve(undefined);
	// Its 'error' says the same, but only to those who came in time.
	const close = () => reject(new Error('The client went away.'));
	if (message.destroyed && !message.readableEnded) close();
	message.on('data', take).on('end', end).on('error', close).on('close', close);
	return promise.finally(() => {
		clearInterval(look);
		message.off('data', take).off('end', end).off('close', close);
	});
}

/** What still comes is read and thrown away, so that a client in mid-upload gets the answer. */
function tooLarge(message: IncomingMessage): BodyRead {
	message.resume();
	return { ok: false, refusal: { code: 'too-large' } };
}
