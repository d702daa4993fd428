import type { IncomingMessage } from 'node:http';
import type { Refusal } from '#service/plugins/problems.ts';

export type BodyRead = { ok: true; bytes: Uint8Array } | { ok: false; refusal: Refusal };

/** How fast a body must come at least. */
export interface Pace {
	/** Milliseconds in which it need not. */
	graceMs: number;
	/** Bytes a second, on the whole. */
	leastPerSecond: number;
	/** Milliseconds a body may take altogether: the larger one is, the faster it must come. */
	mostMs: number;
}

/** Milliseconds between two looks at how a body comes in. */
const LOOK_MS = 500;

/**
 * Reads a request's body, and not one byte more than `mostBytes` of it.
 *
 * @throws when the client goes away.
 */
export async function readBody(
	message: IncomingMessage,
	mostBytes: number,
	pace: Pace
): Promise<BodyRead> {
	const declared = declaredBytes(message);
	if (declared !== undefined && declared > mostBytes) return tooLarge(message);
	const chunks: Uint8Array[] = [];
	const least = Math.max(pace.leastPerSecond, ((declared ?? mostBytes) * 1000) / pace.mostMs);
	const refusal = await readChunks(message, mostBytes, { ...pace, leastPerSecond: least }, chunks);
	if (refusal?.code === 'too-large') return tooLarge(message);
	return refusal ? { ok: false, refusal } : { ok: true, bytes: join(chunks) };
}

/** What the headers say of the body's length, in bytes; `undefined` where they leave it open. */
export function declaredBytes({ headers }: IncomingMessage): number | undefined {
	if (headers['transfer-encoding'] !== undefined) return undefined;
	return Number(headers['content-length'] ?? 0);
}

function readChunks(
	message: IncomingMessage,
	mostBytes: number,
	{ graceMs, leastPerSecond }: Pace,
	chunks: Uint8Array[]
): Promise<Refusal | undefined> {
	const { promise, resolve, reject } = Promise.withResolvers<Refusal | undefined>();
	const began = Date.now();
	let bytes = 0;
	const look = setInterval(() => {
		const due = ((Date.now() - began - graceMs) / 1000) * leastPerSecond;
		if (bytes < due) resolve({ code: 'too-slow' });
	}, LOOK_MS);
	const take = (chunk: Uint8Array) => {
		bytes += chunk.length;
		if (bytes > mostBytes) resolve({ code: 'too-large' });
		else chunks.push(chunk);
	};
	const end = () => resolve(undefined);
	const leave = () => reject(new Error('The client went away.'));
	if (message.destroyed && !message.readableEnded) leave();
	message.on('data', take).on('end', end).on('error', leave).on('close', leave);
	return promise.finally(() => {
		clearInterval(look);
		// Its errors stay heard: one that nobody hears ends the process.
		message.off('data', take).off('end', end).off('close', leave);
	});
}

function join(chunks: Uint8Array[]): Uint8Array {
	const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const chunk of chunks) {
		bytes.set(chunk, at);
		at += chunk.length;
	}
	return bytes;
}

/** What still comes is read and thrown away, so that a client in mid-upload gets the answer. */
function tooLarge(message: IncomingMessage): BodyRead {
	message.resume();
	return { ok: false, refusal: { code: 'too-large' } };
}
