const EMPTY = 0;
const REMOVED = 1;
/** What a slot adds to a place, to tell it from the two above. */
const FIRST = 2;

/**
 * Where a text stands in a list. A hash table (open addressing, linear probing) over a list that is there
 * anyway: a `Map` of a hundred thousand texts takes several times as long to make, and much more memory.
 */
export class TextIndex {
	readonly #texts: readonly string[];
	#slots = new Uint32Array(256);
	/** Slots that are not empty. */
	#used = 0;

	/** @param texts `''` = the place is free. The index follows changes of the list only as it is told. */
	constructor(texts: readonly string[]) {
		this.#texts = texts;
		this.#rebuild();
	}

	/** The place of a text; `undefined` = it is not there. */
	find(text: string): number | undefined {
		const mask = this.#slots.length - 1;
		for (let at = hash(text) & mask; ; at = (at + 1) & mask) {
			const slot = this.#slots[at] ?? EMPTY;
			if (slot === EMPTY) return undefined;
			if (slot !== REMOVED && this.#texts[slot - FIRST] === text) return slot - FIRST;
		}
	}

	/** Takes in the text of a place, which must not be there yet. */
	add(place: number): void {
		if (this.#used * 2 >= this.#slots.length) return this.#rebuild();
		this.#insert(place);
	}

	/** Takes out the text of a place, as long as it stands there. */
	remove(place: number): void {
		const mask = this.#slots.length - 1;
		for (let at = hash(this.#texts[place] ?? '') & mask; ; at = (at + 1) & mask) {
			const slot = this.#slots[at] ?? EMPTY;
			if (slot === EMPTY) return;
			if (slot === place + FIRST) {
				this.#slots[at] = REMOVED;
				return;
			}
		}
	}

	#rebuild(): void {
		let length = 256;
		while (length < this.#texts.length * 3) length *= 2;
		this.#slots = new Uint32Array(length);
		this.#used = 0;
		for (let place = 0; place < this.#texts.length; place++)
			if (this.#texts[place]) this.#insert(place);
	}

	#insert(place: number): void {
		const mask = this.#slots.length - 1;
		let at = hash(this.#texts[place] ?? '') & mask;
		while (this.#slots[at] !== EMPTY) at = (at + 1) & mask;
		this.#slots[at] = place + FIRST;
		this.#used += 1;
	}
}

/** FNV-1a, by UTF-16 code unit. */
function hash(text: string): number {
	let hash = 0x811c9dc5;
	for (let at = 0; at < text.length; at++) {
		hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
	}
	return (hash ^ (hash >>> 15)) >>> 0;
}
