import { createHash, randomInt } from 'node:crypto';

/** Crockford's base 32: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODES = 10;
const GROUPS = 4;
const GROUP_LENGTH = 4;

/** New codes, as a person writes them down: `7KQ2-M9TD-0XHW-5RBC`, 80 random bits each. */
export function makeRecoveryCodes(): string[] {
	return Array.from({ length: CODES }, () =>
		Array.from({ length: GROUPS }, () =>
			Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(32)]).join('')
		).join('-')
	);
}

/**
 * What is kept of a code, whichever way it was typed. A plain SHA-256: slow hashes protect what people choose; to
 * find 80 random bits takes 2^79 tries, whatever one of them costs. The account is hashed along, so that no two
 * accounts are searched at once.
 */
export function hashRecoveryCode(accountId: string, code: string): string {
	return createHash('sha256')
		.update(`${accountId} ${toCanonical(code)}`)
		.digest('hex');
}

/** Without what separates, in capitals, with the letters that a digit is read as. */
function toCanonical(code: string): string {
	return code
		.normalize('NFKC')
		.replace(/[^\p{L}\p{N}]/gu, '')
		.toUpperCase()
		.replaceAll('O', '0')
		.replace(/[IL]/g, '1');
}
