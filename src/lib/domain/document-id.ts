import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
/** 26 base-36 characters hold 134 bits: a collision is out of reach at any size of ledger. */
const LENGTH = 26;

/** A new id, `<type>:<random>`. It holds no fact that could be edited. */
export function randomId(type: string): string {
	return `${type}:${randomText(LENGTH)}`;
}

/** The id of a document that every device computes alike, `<type>:<hash of the parts>`. */
export function computedId(type: string, ...parts: readonly string[]): string {
	const digest = sha256(utf8ToBytes(JSON.stringify([type, ...parts])));
	let number = 0n;
	for (const byte of digest) number = (number << 8n) | BigInt(byte);
	return `${type}:${number.toString(36).padStart(50, '0').slice(-LENGTH)}`;
}

/** Random base-36 text, for device names and ids. */
export function randomText(length: number): string {
	let text = '';
	while (text.length < length) {
		for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
			// 252 is the largest multiple of 36 in a byte: beyond it the first letters would be favoured.
			if (byte < 252 && text.length < length) text += ALPHABET[byte % 36];
		}
	}
	return text;
}
