const EMPTY = 0;
const REMOVED = 1;
/** What a slot adds to a row, to tell it from the two above. */
const FIRST = 2;

/**
 * Which row an id is in. A hash table (open addressing, linear probing) over the ids that the table of
 * entries has anyway: a `Map` of a hundred thousand of them takes several times as long to make, and more
 * memory than their columns.
 */
export class IdIndex {
	readonly #ids: readonly string[];
	#slots = new Uint32Array(256);
	/** Slots that are not empty. */
	#used = 0;

	/** @param ids by row; `''` = the row is free. The index follows its changes only as it is told. */
	constructor(ids: readonly string[]) {
		this.#ids = ids;
		this.#rebuild();
	}

	/** The row of an id; `undefined` = it is not there. */
	find(id: string): number | undefined {
		const mask = this.#slots.length - 1;
		for (let at = hash(id) & mask; ; at = (at + 1) & mask) {
			const slot = this.#slots[at] ?? EMPTY;
			if (slot === EMPTY) return undefined;
			if (slot !== REMOVED && this.#ids[slot - FIRST] === id) return slot - FIRST;
		}
	}

	/** Takes in the id of a row, which must not be there yet. */
	add(row: number): void {
		if (this.#used * 2 >= this.#slots.length) return this.#rebuild();
		this.#insert(row);
	}

	/** Takes out the id of a row, as long as it stands there. */
	remove(row: number): void {
		const mask = this.#slots.length - 1;
		for (let at = hash(this.#ids[row] ?? '') & mask; ; at = (at + 1) & mask) {
			const slot = this.#slots[at] ?? EMPTY;
			if (slot === EMPTY) return;
			if (slot === row + FIRST) {
				this.#slots[at] = REMOVED;
				return;
			}
		}
	}

	#rebuild(): void {
		let length = 256;
		while (length < this.#ids.length * 3) length *= 2;
		this.#slots = new Uint32Array(length);
		this.#used = 0;
		for (let row = 0; row < this.#ids.length; row++) if (this.#ids[row]) this.#insert(row);
	}

	#insert(row: number): void {
		const mask = this.#slots.length - 1;
		let at = hash(this.#ids[row] ?? '') & mask;
		while (this.#slots[at] !== EMPTY) at = (at + 1) & mask;
		this.#slots[at] = row + FIRST;
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
