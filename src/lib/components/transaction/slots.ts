/**
 * Which element of the page shows which entry. An entry keeps its element; another one takes an element
 * over that has become free, which costs far less than a new one.
 */
export class Slots {
	#slotOf = new Map<string, number>();
	#made = 0;

	/** How many elements there are. */
	get size(): number {
		return this.#slotOf.size;
	}

	/** The elements, as keys, of these entries, each of which comes once. What is left over goes. */
	assign(ids: readonly string[]): number[] {
		const wanted = new Set(ids);
		const free = [...this.#slotOf].filter(([id]) => !wanted.has(id)).map(([, slot]) => slot);
		free.reverse();
		const slots = ids.map((id) => this.#slotOf.get(id) ?? free.pop() ?? this.#made++);
		this.#slotOf = new Map(ids.map((id, at) => [id, slots[at] ?? 0]));
		return slots;
	}
}
