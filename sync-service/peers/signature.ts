import { createHmac, timingSafeEqual } from 'node:crypto';

/** The header of a call that shows that its sender knows the secret, which itself is never sent. */
export const SIGNATURE_HEADER = 'x-outlay-signature';
/** The header of an answer that names the process behind an address. */
export const PROCESS_HEADER = 'x-outlay-process';

export function sign(secret: string, body: Uint8Array): string {
	return digest(secret, body).toString('hex');
}

/** Whether `signature` is that of `body`; takes the same time for any that is wrong. */
export function isSigned(secret: string, body: Uint8Array, signature: string): boolean {
	const given = Buffer.from(/^[0-9a-f]{64}$/.test(signature) ? signature : '00'.repeat(32), 'hex');
	return timingSafeEqual(Uint8Array.from(given), Uint8Array.from(digest(secret, body)));
}

function digest(secret: string, body: Uint8Array): Buffer {
	return createHmac('sha256', secret).update(body).digest();
}
