/**
 * Which element of the page shows which entry. An entry keeps its element; another one takes an element
 * over that has become free, which costs far less than a new one. Elements are in the order of their entries:
 * one that has to move is laid out anew, so what stands in the right place is taken first.
 */
export class Slots {
	#slotOf = new Map<string, number>();
	/** All elements, those that show no entry and were kept included, as they are on the page. */
	#order: readonly number[] = [];
	#made = 0;

	/** How many elements there are. */
	get size(): number {
		return this.#order.length;
	}

	/** The elements in their order on the page; those that were kept for the next entries stay where they were. */
	get order(): readonly number[] {
		return this.#order;
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
		const own = ids.map((id) => this.#slotOf.get(id));
		const slots = this.#takeInPlace(own);
		const taken = new Set(slots);
		const free = this.#order.filter((slot) => !taken.has(slot));
		const given = slots.map((slot) => slot ?? free.pop() ?? this.#made++);
		this.#slotOf = new Map(ids.map((id, at) => [id, given[at] ?? 0]));
		this.#order = mergeSpare(given, this.#order, taken, new Set(keep ? free : []));
		return given;
	}

	/** @returns each entry's own element, or a free one that stands between its neighbours' own. */
	#takeInPlace(own: readonly (number | undefined)[]): (number | undefined)[] {
		const order = this.#order;
		const kept = new Set(own);
		const placeOf = new Map(order.map((slot, place) => [slot, place]));
		const ends: number[] = [];
		let end = order.length;
		for (let at = own.length - 1; at >= 0; at--) {
			ends[at] = end;
			const slot = own[at];
			if (slot !== undefined) end = placeOf.get(slot) ?? end;
		}
		let place = 0;
		return own.map((slot, at) => {
			if (slot !== undefined) {
				place = Math.max(place, (placeOf.get(slot) ?? 0) + 1);
				return slot;
			}
			while (place < order.length && kept.has(order[place])) place += 1;
			return place < (ends[at] ?? 0) ? order[place++] : undefined;
		});
	}
}

/**
 * @param slots in the order of their entries.
 * @param before how the elements stood.
 * @param staying those that need not move.
 * @param spare those that show nothing, which stay behind the element that they stood behind.
 */
function mergeSpare(
	slots: readonly number[],
	before: readonly number[],
	staying: ReadonlySet<number | undefined>,
	spare: ReadonlySet<number>
): number[] {
	const order: number[] = [];
	let from = 0;
	const passTo = (place: number): void => {
		order.push(...before.slice(from, place).filter((slot) => spare.has(slot)));
		from = Math.max(from, place);
	};
	for (const slot of slots) {
		if (staying.has(slot)) passTo(before.indexOf(slot));
		order.push(slot);
	}
	passTo(before.length);
	return order;
}
