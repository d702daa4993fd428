const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

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
