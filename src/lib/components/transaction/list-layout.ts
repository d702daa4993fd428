/** How tall a list draws its rows, in CSS pixels. */
export interface RowSizes {
	entry: number;
	/** The heading over the first entry of a day. */
	day: number;
}

/**
 * Where everything stands in a list of entries under their days. All rows of a kind are of one height, so
 * nothing is kept but the places at which the days begin.
 */
export class ListLayout {
	static readonly NONE = new ListLayout(new Uint32Array(0), new Uint32Array(0), {
		entry: 0,
		day: 0
	});

	/** What is listed, newest first. */
	readonly rows: Uint32Array;
	readonly sizes: RowSizes;
	/** The places in `rows` at which a day begins. */
	readonly #starts: Uint32Array;

	constructor(rows: Uint32Array, starts: Uint32Array, sizes: RowSizes) {
		this.rows = rows;
		this.#starts = starts;
		this.sizes = sizes;
	}

	/** The same rows where another text size has changed their heights. */
	withSizes(sizes: RowSizes): ListLayout {
		return new ListLayout(this.rows, this.#starts, sizes);
	}

	/** In CSS pixels. */
	get height(): number {
		return this.#topOfDay(this.#starts.length);
	}

	/** How many days are listed. */
	get days(): number {
		return this.#starts.length;
	}

	/** The day of an entry, counted from the newest. */
	dayAt(place: number): number {
		return this.#lastDay((day) => this.#start(day) <= place);
	}

	/** The entries of a day, as places from `from` to before `to`. */
	placesOf(day: number): { from: number; to: number } {
		return { from: this.#start(day), to: this.#start(day + 1) };
	}

	/** Where an entry begins, the heading of its day included if it is the first one, in CSS pixels. */
	topOf(place: number): number {
		const day = this.dayAt(place);
		const headings = this.#start(day) === place ? day : day + 1;
		return headings * this.sizes.day + place * this.sizes.entry;
	}

	/** Where an entry ends, in CSS pixels. */
	endOf(place: number): number {
		return (this.dayAt(place) + 1) * this.sizes.day + (place + 1) * this.sizes.entry;
	}

	/** The entry that stands at so many CSS pixels from the top; beyond the ends, the first or the last one. */
	placeAt(top: number): number {
		const day = this.#lastDay((of) => this.#topOfDay(of) <= top);
		const { from, to } = this.placesOf(day);
		const below = Math.floor(
			(top - this.#topOfDay(day) - this.sizes.day) / (this.sizes.entry || 1)
		);
		return from + Math.max(0, Math.min(below, to - from - 1));
	}

	#start(day: number): number {
		return this.#starts[day] ?? this.rows.length;
	}

	#topOfDay(day: number): number {
		return day * this.sizes.day + this.#start(day) * this.sizes.entry;
	}

	/** The last day of which `holds` is true, as it is of all before; else the first. */
	#lastDay(holds: (day: number) => boolean): number {
		let low = 0;
		let high = this.#starts.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >>> 1;
			if (holds(middle)) low = middle;
			else high = middle - 1;
		}
		return low;
	}
}
