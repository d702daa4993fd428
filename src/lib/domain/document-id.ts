import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { ID_LENGTH } from './random-id.ts';

/** The id of a document that every device computes alike, `<type>:<hash of the parts>`. */
export function computedId(type: string, ...parts: readonly string[]): string {
	const digest = sha256(utf8ToBytes(JSON.stringify([type, ...parts])));
	let number = 0n;
	for (const byte of digest) number = (number << 8n) | BigInt(byte);
	return `${type}:${number.toString(36).padStart(50, '0').slice(-ID_LENGTH)}`;
}
