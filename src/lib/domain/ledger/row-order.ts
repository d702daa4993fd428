/** Rows in the order of a comparison that never calls two of them equal. */
export class RowOrder {
	#rows: Uint32Array<ArrayBuffer>;
	#length: number;
	readonly #compare: (a: number, b: number) => number;

	/** @param sorted rows that are in order already. */
	constructor(compare: (a: number, b: number) => number, sorted = new Uint32Array(0)) {
		this.#compare = compare;
		this.#rows = sorted;
		this.#length = sorted.length;
	}

	get length(): number {
		return this.#length;
	}

	/** A view that the next change may spoil: not to be kept. */
	get rows(): Uint32Array {
		return this.#rows.subarray(0, this.#length);
	}

	add(row: number): void {
		this.#reserve(this.#length + 1);
		const place = this.#place(row);
		this.#rows.copyWithin(place + 1, place, this.#length);
		this.#rows[place] = row;
		this.#length += 1;
	}

	/** Takes a row out, while it still compares as it did when it was added. */
	drop(row: number): void {
		const place = this.#place(row);
		this.#rows.copyWithin(place, place + 1, this.#length);
		this.#length -= 1;
	}

	/** Takes out all of `dropped`, wherever they are, and puts in all of `added`. */
	exchange(dropped: ReadonlySet<number>, added: Iterable<number>): void {
		let kept = this.#length;
		if (dropped.size > 0) {
			kept = 0;
			for (let at = 0; at < this.#length; at++) {
				const row = this.#rows[at] ?? 0;
				if (!dropped.has(row)) this.#rows[kept++] = row;
			}
		}
		const fresh = Uint32Array.from(added).sort(this.#compare);
		this.#length = kept + fresh.length;
		this.#reserve(this.#length);
		// From the back, so that no row is written over before it was moved.
		let from = kept - 1;
		let next = fresh.length - 1;
		for (let place = this.#length - 1; next >= 0; place--) {
			const old = from >= 0 ? this.#rows[from] : undefined;
			const added = fresh[next] ?? 0;
			if (old !== undefined && this.#compare(old, added) > 0) {
				this.#rows[place] = old;
				from -= 1;
			} else {
				this.#rows[place] = added;
				next -= 1;
			}
		}
	}

	/** The first place whose row is not before `row`. */
	#place(row: number): number {
		let low = 0;
		let high = this.#length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (this.#compare(this.#rows[middle] ?? 0, row) < 0) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	#reserve(length: number): void {
		if (length <= this.#rows.length) return;
		const larger = new Uint32Array(Math.max(length, this.#rows.length * 2, 256));
		larger.set(this.#rows);
		this.#rows = larger;
	}
}
