/** A 32-bit checksum in the manner of FNV-1a, word by word: it finds damage, not forgery. */
export class Checksum {
	#hash = 0x811c9dc5;

	get value(): number {
		return this.#hash >>> 0;
	}

	addNumber(number: number): void {
		this.#hash = Math.imul(this.#hash ^ number, 0x01000193);
	}

	addArray(array: Uint8Array | Uint16Array | Uint32Array | Float64Array): void {
		const words =
			array instanceof Float64Array
				? new Uint32Array(array.buffer, array.byteOffset, array.length * 2)
				: array;
		let hash = this.#hash ^ words.length;
		for (let at = 0; at < words.length; at++) {
			hash = Math.imul(hash ^ (words[at] ?? 0), 0x01000193);
			// Without this the high bits of a word would never reach the low ones of the checksum.
			hash ^= hash >>> 15;
		}
		this.#hash = hash;
	}

	addTexts(texts: readonly string[]): void {
		let hash = this.#hash ^ texts.length;
		for (const text of texts) {
			hash = Math.imul(hash ^ text.length, 0x01000193);
			for (let at = 0; at < text.length; at++) {
				hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
			}
			hash ^= hash >>> 15;
		}
		this.#hash = hash;
	}
}
