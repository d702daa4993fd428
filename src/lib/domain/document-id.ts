import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { randomText } from './random-text.ts';

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
