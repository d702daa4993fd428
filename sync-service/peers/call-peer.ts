import type { News } from '#service/peers/news.ts';
import type { PeerAddress } from '#service/peers/peer-address.ts';
import { PROCESS_HEADER, sign, SIGNATURE_HEADER } from '#service/peers/signature.ts';

export const NEWS_PATH = '/news';

/** Milliseconds a peer may take for its answer. */
const ANSWER_MS = 2_000;

/** Tells a peer; resolves with the id of the process that heard it. @throws when nobody heard it */
export async function callPeer(address: PeerAddress, secret: string, news: News): Promise<string> {
	const body = Uint8Array.from(Buffer.from(JSON.stringify(news)));
	const response = await fetch(`http://${address}${NEWS_PATH}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', [SIGNATURE_HEADER]: sign(secret, body) },
		body,
		redirect: 'error',
		signal: AbortSignal.timeout(ANSWER_MS)
	});
	// Whatever else it says, nobody reads it.
	await response.body?.cancel();
	const process = response.headers.get(PROCESS_HEADER) ?? '';
	if (response.status !== 204 || !/^[A-Za-z0-9_-]{1,64}$/.test(process)) {
		throw new PeerRefused(response.status);
	}
	return process;
}

/** It answered, but not as a peer does, or not one with our secret. */
export class PeerRefused extends Error {
	override name = 'PeerRefused';

	constructor(status: number) {
		super(
			status === 403
				? 'a peer refused what it was told: its PEER_SECRET is another one'
				: `what is at a peer’s address answered ${status}`
		);
	}
}
