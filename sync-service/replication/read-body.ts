import type { IncomingMessage } from 'node:http';
import type { Refusal } from '#service/plugins/problems.ts';

export type BodyRead = { ok: true; text: string } | { ok: false; refusal: Refusal };

/** Reads a request's body as UTF-8, and not one byte more than `mostBytes` of it. */
export async function readBody(message: IncomingMessage, mostBytes: number): Promise<BodyRead> {
	if (Number(message.headers['content-length'] ?? 0) > mostBytes) return tooLarge(message);
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	// The plain iterator would cut the connection when it is left, and the answer with it.
	for await (const chunk of message.iterator({ destroyOnReturn: false })) {
		bytes += (chunk as Uint8Array).length;
		if (bytes > mostBytes) return tooLarge(message);
		chunks.push(chunk as Uint8Array);
	}
	try {
		const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
		return { ok: true, text };
	} catch {
		return { ok: false, refusal: { code: 'malformed-json' } };
	}
}

/** What still comes is read and thrown away, so that a client in mid-upload gets the answer. */
function tooLarge(message: IncomingMessage): BodyRead {
	message.resume();
	return { ok: false, refusal: { code: 'too-large' } };
}
