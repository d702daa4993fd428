/** A 32-bit checksum in the manner of FNV-1a, word by word: it finds damage, not forgery. */
export class Checksum {
	#hash = 0x811c9dc5;

	get value(): number {
		return this.#hash >>> 0;
	}

	addNumber(number: number): void {
		this.#hash = Math.imul(this.#hash ^ number, 0x01000193);
	}

	/** @param array one that starts where its buffer does. */
	addArray(array: Uint8Array | Uint16Array | Uint32Array | Float64Array): void {
		const words = new Uint32Array(array.buffer, 0, array.byteLength >>> 2);
		const rest = new Uint8Array(array.buffer, words.byteLength, array.byteLength & 3);
		this.#addAll(words);
		this.#addAll(rest);
	}

	#addAll(numbers: Uint8Array | Uint32Array): void {
		let hash = this.#hash ^ numbers.length;
		for (let at = 0; at < numbers.length; at++) {
			hash = Math.imul(hash ^ (numbers[at] ?? 0), 0x01000193);
			// Without this the high bits of a word would never reach the low ones of the checksum.
			hash ^= hash >>> 15;
		}
		this.#hash = hash;
	}
}
