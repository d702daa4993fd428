/**
 * Which element of the page shows which entry. An entry keeps its element; another one takes an element
 * over that has become free, which costs far less than a new one.
 */
export class Slots {
	#slotOf = new Map<string, number>();
	/** Elements that show no entry and were kept, in their order on the page. */
	#spare: readonly number[] = [];
	#made = 0;

	/** How many elements there are. */
	get size(): number {
		return this.#slotOf.size + this.#spare.length;
	}

	/** The elements that were kept for the next entries, in their order on the page. */
	get spare(): readonly number[] {
		return this.#spare;
	}

	has(id: string): boolean {
		return this.#slotOf.has(id);
	}

	/**
	 * The elements, as keys, of these entries, each of which comes once.
	 *
	 * @param keep whether what is left over is kept; else it goes.
	 */
	assign(ids: readonly string[], keep = false): number[] {
		const wanted = new Set(ids);
		const free = [...this.#slotOf].filter(([id]) => !wanted.has(id)).map(([, slot]) => slot);
		free.push(...this.#spare);
		free.reverse();
		const slots = ids.map((id) => this.#slotOf.get(id) ?? free.pop() ?? this.#made++);
		this.#slotOf = new Map(ids.map((id, at) => [id, slots[at] ?? 0]));
		this.#spare = keep ? free.reverse() : [];
		return slots;
	}
}
