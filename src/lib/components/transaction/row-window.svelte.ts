import { flushSync, tick, untrack } from 'svelte';
import type { CalendarDay } from '#contract/documents/calendar.ts';
import type { Entry } from '#lib/domain/ledger/entry.ts';
import { dayStarts, placeOf } from '#lib/domain/ledger/row-places.ts';
import { totalsOf } from '#lib/domain/ledger/totals.ts';
import type { Totals } from '#lib/domain/report.ts';
import type { LedgerState } from '#lib/state/ledger.svelte.ts';
import { ListLayout, type RowSizes } from './list-layout.ts';
import { Slots } from './slots.ts';

/** How much is drawn above and below what is seen, as a share of it. */
const MARGIN = 0.5;
/** How many elements are made at a time: a few milliseconds' work, on a slow device too. */
const STEP = 5;
/** How many entries a print has at most: a hundred thousand would be thousands of pages. */
const PRINTED = 1_000;

/** An entry that is drawn. */
export interface DrawnRow {
	/** The element that shows it. */
	slot: number;
	/** Its place among all that are listed. */
	place: number;
	/** Its row's number in a table of all that is listed, days' headings and the columns' included, from 1. */
	index: number;
	/** Where it begins, the heading of its day included, in CSS pixels. */
	top: number;
	entry: Entry;
	/** Set for the first entry of a day. */
	day: DrawnDay | undefined;
}

/** The heading over the first entry of a day. */
export interface DrawnDay {
	day: CalendarDay;
	/** Counted from the newest, from 0. */
	nth: number;
	/** Of all entries of the day that are listed. */
	totals: readonly Totals[];
}

/** An entry that somebody reads: what stands there may change, where it stands does not. */
interface Mark {
	id: string;
	day: CalendarDay;
	/** From the top of what is seen to the entry's end, in CSS pixels. */
	end: number;
}

/**
 * The part of a long list that is drawn: what is seen of it, some more above and below, and the entry that
 * has the focus. The page is what scrolls. Whatever comes or goes above, what is read stays where it is.
 */
export class RowWindow {
	#layout = $state.raw(ListLayout.NONE);
	#drawn = $state.raw<readonly DrawnRow[]>([]);
	#drawnOf = ListLayout.NONE;
	/** The places that are drawn, from the first to before the last; that of the focus aside. */
	#range = { from: 0, to: 0 };
	#sizes: RowSizes = { entry: 0, day: 0 };
	readonly #slots = new Slots();
	readonly #ledger: Pick<LedgerState, 'columns' | 'entriesAt'>;
	#element: HTMLElement | undefined;
	/** What is seen of the list, in CSS pixels from its top. */
	#seen = { top: 0, height: 0 };
	/** From the top of the page to that of the list, in CSS pixels; `undefined` = it is hidden. */
	#offset: number | undefined;
	/** The entry that has the focus. */
	#held: { id: string; place: number } | undefined;
	/** The place that is about to get it. */
	#next: number | undefined;
	#printing = false;
	#begun = false;
	#frame: number | undefined;

	constructor(ledger: Pick<LedgerState, 'columns' | 'entriesAt'>) {
		this.#ledger = ledger;
	}

	/** The height of the whole list, in CSS pixels. */
	get height(): number {
		return this.#layout.height;
	}

	/** How many entries are listed. */
	get length(): number {
		return this.#layout.rows.length;
	}

	/** Over how many days. */
	get days(): number {
		return this.#layout.days;
	}

	/** What is to be on the page, newest first. */
	get drawn(): readonly DrawnRow[] {
		return this.#drawn;
	}

	/**
	 * Lists these rows, newest first.
	 *
	 * @param rows no view of the ledger's own: that changes before the list is told.
	 * @param why where something else was asked for, no entry keeps its place.
	 */
	follow(rows: Uint32Array, why: 'changed' | 'asked'): void {
		const marks = why === 'changed' ? this.#marks() : [];
		const { columns } = this.#ledger;
		this.#layout = new ListLayout(rows, dayStarts(columns, rows), this.#sizes);
		this.#keepPlace(marks);
		this.#holdOn();
		this.#draw();
	}

	/** Tells how tall rows are, whenever the size of the text has changed. */
	resize(sizes: RowSizes): void {
		if (sizes.entry === this.#sizes.entry && sizes.day === this.#sizes.day) return;
		const marks = this.#marks();
		this.#sizes = sizes;
		this.#layout = this.#layout.withSizes(sizes);
		this.#keepPlace(marks);
		this.#draw();
	}

	/** The element that holds the rows. */
	attach = (element: HTMLElement): (() => void) => {
		this.#element = element;
		const look = (): void => this.#look();
		// The list moves down when something appears above it: the page becomes longer.
		const observer = new ResizeObserver(look);
		observer.observe(element);
		observer.observe(document.body);
		document.addEventListener('scroll', look, { passive: true });
		window.addEventListener('resize', look);
		untrack(look);
		return () => {
			observer.disconnect();
			document.removeEventListener('scroll', look);
			window.removeEventListener('resize', look);
			if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
			this.#frame = undefined;
			this.#element = undefined;
			this.#offset = undefined;
		};
	};

	/**
	 * The page was scrolled for another's sake, or the list was hidden: it shows again what it showed.
	 *
	 * @param id the entry that gets the focus back.
	 */
	return(id: string): void {
		if (!this.#element) return;
		if (this.#seen.top > 0) this.#scroll();
		const place = this.#find(id);
		if (place !== undefined) this.#focus(place, { preventScroll: true });
	}

	/** The entry at this place has the focus: it stays on the page, wherever that is scrolled. */
	hold(place: number): void {
		const id = this.#drawn.find((row) => row.place === place)?.entry._id;
		this.#held = id === undefined ? undefined : { id, place };
	}

	letGo(): void {
		this.#held = undefined;
	}

	/** Moves the focus so many entries down, or up; without a focus, to the first entry that is seen. */
	step(by: number): void {
		if (this.length === 0) return;
		const first = this.#layout.placeAt(Math.max(0, this.#seen.top) + this.#sizes.day);
		const place = this.#held ? this.#held.place + by : first;
		this.#focus(Math.max(0, Math.min(place, this.length - 1)));
	}

	/** Draws what is to be printed, or again what is seen. */
	print(printing: boolean): void {
		this.#printing = printing;
		flushSync(() => this.#draw());
	}

	/** Sees what is seen. */
	#look(): void {
		const element = this.#element;
		const position = element && positionOf(element);
		if (!element || !position?.isVisible) {
			this.#offset = undefined;
			return;
		}
		const moved = position.y - (this.#offset ?? position.y);
		this.#offset = position.y;
		// Something came or went above the list.
		const isMoved = Math.abs(moved) >= 1 && this.#seen.top > 0;
		if (isMoved) window.scrollBy({ top: moved, behavior: 'instant' });
		const { top } = isMoved ? positionOf(element) : position;
		this.#seen = { top, height: window.innerHeight };
		if (!this.#covers(MARGIN / 2)) this.#draw();
	}

	/** Whether what is seen, and this share of it above and below, is drawn. */
	#covers(margin: number): boolean {
		const { from, to } = this.#places(margin);
		return this.#range.from <= from && to <= this.#range.to;
	}

	#places(margin: number): { from: number; to: number } {
		const { top, height } = this.#seen;
		if (this.length === 0 || this.#sizes.entry === 0) return { from: 0, to: 0 };
		return {
			from: this.#layout.placeAt(top - height * margin),
			to: this.#layout.placeAt(top + height * (1 + margin)) + 1
		};
	}

	#draw(): void {
		const seen = this.#places(0);
		const wanted = this.#printing ? { from: 0, to: this.#printed } : this.#places(MARGIN);
		// At first what is seen is drawn whole, then a few more at a time.
		const isFirst = !this.#begun;
		this.#begun ||= seen.to > seen.from;
		const room = this.#printing ? PRINTED : isFirst ? seen.to - seen.from : this.#slots.size + STEP;
		const to = Math.min(wanted.to, Math.max(wanted.from, seen.from) + room);
		const from = Math.max(wanted.from, to - room);
		this.#range = { from, to };
		if (from > wanted.from || to < wanted.to) this.#frame ??= requestAnimationFrame(this.#drawMore);
		this.#drawn = this.#rowsAt(this.#withHeld(from, to));
		this.#drawnOf = this.#layout;
		this.#keepFocus();
	}

	readonly #drawMore = (): void => {
		this.#frame = undefined;
		this.#draw();
	};

	get #printed(): number {
		return Math.min(this.length, PRINTED);
	}

	#withHeld(from: number, to: number): number[] {
		const places = new Set([this.#held?.place, this.#next].filter((place) => place !== undefined));
		for (let place = from; place < to; place++) places.add(place);
		return [...places].sort((a, b) => a - b);
	}

	#rowsAt(places: readonly number[]): DrawnRow[] {
		const layout = this.#layout;
		const entries = this.#ledger.entriesAt(places.map((place) => layout.rows[place] ?? 0));
		const slots = this.#slots.assign(entries.map(({ _id }) => _id));
		// What did not change stays the same object, so that it is not drawn again.
		const before = new Map(
			this.#drawnOf === layout ? this.#drawn.map((row) => [row.slot, row] as const) : []
		);
		return entries.map((entry, at) => {
			const place = places[at] ?? 0;
			const slot = slots[at] ?? 0;
			const known = before.get(slot);
			if (known?.place === place && known.entry === entry) return known;
			const index = place + layout.dayAt(place) + 3;
			const top = layout.topOf(place);
			return { slot, place, index, top, entry, day: this.#dayOver(place, entry) };
		});
	}

	#dayOver(place: number, entry: Entry): DrawnDay | undefined {
		const nth = this.#layout.dayAt(place);
		const { from, to } = this.#layout.placesOf(nth);
		if (from !== place) return undefined;
		const rows = this.#layout.rows.subarray(from, to);
		return { day: entry.spentOn, nth, totals: totalsOf(this.#ledger.columns, rows) };
	}

	/** What is read; nothing while the top of the list is seen, where new entries belong. */
	#marks(): Mark[] {
		const { top, height } = this.#seen;
		if (top <= 0) return [];
		return this.#drawn
			.map(({ place, entry }) => ({
				id: entry._id,
				day: entry.spentOn,
				end: this.#drawnOf.endOf(place) - top
			}))
			.filter(({ end }) => end > 0 && end <= height + this.#sizes.entry);
	}

	/** Scrolls to where the first of the marks that still stands in its day was. */
	#keepPlace(marks: readonly Mark[]): void {
		for (const { id, day, end } of marks) {
			const place = this.#find(id, day);
			if (place === undefined) continue;
			const top = this.#layout.endOf(place) - end;
			const isElsewhere = top !== this.#seen.top;
			this.#seen = { ...this.#seen, top };
			if (isElsewhere && this.#offset !== undefined) void tick().then(() => this.#scroll());
			return;
		}
	}

	/** Scrolls the page to what is to be seen. */
	#scroll(): void {
		if (!this.#element) return;
		const { y } = positionOf(this.#element);
		this.#offset = y;
		window.scrollTo({ top: y + this.#seen.top, behavior: 'instant' });
	}

	#find(id: string, day?: CalendarDay): number | undefined {
		const { columns } = this.#ledger;
		const row = columns.rowOf(id);
		if (row === undefined) return undefined;
		if (day !== undefined && columns.entryAt(row).spentOn !== day) return undefined;
		return placeOf(columns, this.#layout.rows, row);
	}

	/** The entry that has the focus may stand elsewhere now; where it is gone, the next one has its place. */
	#holdOn(): void {
		if (!this.#held) return;
		const place = this.#find(this.#held.id) ?? Math.min(this.#held.place, this.length - 1);
		const row = this.#layout.rows[place];
		const id = row === undefined ? undefined : this.#ledger.columns.table.ids[row];
		this.#held = id === undefined ? undefined : { id, place };
	}

	/** An element that moves loses the focus: it gets it back. */
	#keepFocus(): void {
		const held = this.#held;
		if (!held || !this.#element?.contains(document.activeElement)) return;
		void tick().then(() => {
			if (document.activeElement === document.body)
				this.#linkAt(held.place)?.focus({ preventScroll: true });
		});
	}

	#focus(place: number, options?: FocusOptions): void {
		this.#next = place;
		// The entry that has the focus stays until the other one has it, or that would take over its element.
		flushSync(() => this.#draw());
		this.#linkAt(place)?.focus(options);
		this.#next = undefined;
	}

	#linkAt(place: number): HTMLElement | null | undefined {
		return this.#element?.querySelector<HTMLElement>(`[data-place="${place}"] a`);
	}
}

/** Where an element is: `top` from its own top to what is seen, `y` from the page's top, in CSS pixels. */
function positionOf(element: HTMLElement): { top: number; y: number; isVisible: boolean } {
	const { top, width } = element.getBoundingClientRect();
	return { top: -top, y: top + window.scrollY, isVisible: width > 0 };
}
