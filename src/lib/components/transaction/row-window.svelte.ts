import { flushSync, tick, untrack } from 'svelte';
import { dayStarts } from '#lib/domain/ledger/row-places.ts';
import { DrawnRows, type DrawnRow, type Rows } from './drawn-rows.ts';
import { ListLayout, type RowSizes } from './list-layout.ts';
import { findPlace, marksOf, topOfMarks, type Seen } from './reading-place.ts';

/** How much is drawn above and below what is seen, as a share of it. */
const MARGIN = 0.5;
/** How many entries come onto the page at a time: less than a frame's work, on a slow device too. */
const STEP = { changed: 5, made: 5 };
/** So many entries come or go with an ordinary edit. */
const FEW = 10;
/** How many entries a print has at most: a hundred thousand would be thousands of pages. */
const PRINTED = 1_000;

/**
 * The part of a long list that is drawn: what is seen of it, some more above and below, and the entry that
 * has the focus. The page is what scrolls. Whatever comes or goes above, what is read stays where it is.
 */
export class RowWindow {
	#layout = $state.raw(ListLayout.NONE);
	#drawn = $state.raw<readonly DrawnRow[]>([]);
	/** The places that are drawn, from the first to before the last; that of the focus aside. */
	#range = { from: 0, to: 0 };
	#sizes: RowSizes = { entry: 0, day: 0 };
	readonly #ledger: Rows;
	readonly #rows: DrawnRows;
	#element: HTMLElement | undefined;
	#seen: Seen = { top: 0, height: 0 };
	/** From the top of the page to that of the list, in CSS pixels; `undefined` = it is hidden. */
	#offset: number | undefined;
	/** The entry that has the focus. */
	#held: { id: string; place: number } | undefined;
	/** The place that is about to get it. */
	#next: number | undefined;
	/** What is to be listed in a task of its own. */
	#late: { why: 'changed' | 'asked'; timer: ReturnType<typeof setTimeout> } | undefined;
	#printing = false;
	#begun = false;
	#frame: number | undefined;

	constructor(ledger: Rows) {
		this.#ledger = ledger;
		this.#rows = new DrawnRows(ledger);
	}

	/** The height of the whole list, in CSS pixels. */
	get height(): number {
		return this.#layout.height;
	}

	/** How many entries are listed. */
	get length(): number {
		return this.#layout.rows.length;
	}

	/** What is listed, newest first. */
	get rows(): Uint32Array {
		return this.#layout.rows;
	}

	/** The entry that has the focus. */
	get focused(): string | undefined {
		return this.#held?.id;
	}

	/** The place of an entry; `undefined` = it is not listed. */
	placeOf(id: string | undefined): number | undefined {
		return id === undefined ? undefined : this.#find(id);
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
		clearTimeout(this.#late?.timer);
		const reason = this.#late?.why === 'asked' ? 'asked' : why;
		this.#late = undefined;
		if (!this.#begun || Math.abs(rows.length - this.length) <= FEW) return this.#take(rows, reason);
		// What else depends on many changes has its task; the list has one of its own.
		const timer = setTimeout(() => {
			this.#late = undefined;
			this.#take(rows, reason);
		});
		this.#late = { why: reason, timer };
	}

	#take(rows: Uint32Array, why: 'changed' | 'asked'): void {
		const marks = why === 'changed' ? marksOf(this.#rows, this.#seen) : [];
		const { columns } = this.#ledger;
		this.#layout = new ListLayout(rows, dayStarts(columns, rows), this.#sizes);
		this.#keep(topOfMarks(marks, columns, this.#layout));
		this.#holdOn();
		this.#draw(STEP.changed);
	}

	/** Tells how tall rows are, whenever the size of the text has changed. */
	resize(sizes: RowSizes): void {
		if (sizes.entry === this.#sizes.entry && sizes.day === this.#sizes.day) return;
		const marks = marksOf(this.#rows, this.#seen);
		this.#sizes = sizes;
		this.#layout = this.#layout.withSizes(sizes);
		this.#keep(topOfMarks(marks, this.#ledger.columns, this.#layout));
		this.#draw();
	}

	/** The element that holds the rows. */
	attach = (element: HTMLElement): (() => void) => {
		this.#element = element;
		const look = (): void => this.#look();
		// The list moves down when something appears above it: the page becomes longer.
		const observer = new ResizeObserver(() => this.#look(STEP.changed));
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
		const id = this.#rows.rows.find((row) => row.place === place)?.entry._id;
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

	/**
	 * Sees what is seen.
	 *
	 * @param changed how many elements may be handed to other entries at once.
	 */
	#look(changed = Infinity): void {
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
		// The list has changed, and the next few are on their way.
		if (changed < Infinity && this.#frame !== undefined) return;
		if (!this.#covers(MARGIN / 2)) this.#draw(changed);
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

	/** @param changed how many elements may be handed to other entries at once. */
	#draw(changed = Infinity): void {
		const seen = this.#places(0);
		const wanted = this.#printing ? { from: 0, to: this.#printed } : this.#places(MARGIN);
		// At first what is seen is drawn whole, then a few more at a time.
		const isFirst = !this.#begun;
		this.#begun ||= this.#seen.height > 0 && seen.to > 0;
		const range = isFirst && !this.#printing ? seen : wanted;
		const room = this.#printing || isFirst ? undefined : { changed, made: STEP.made };
		const isWhole = this.#rows.draw(this.#layout, this.#withHeld(range, seen), room);
		this.#range = isWhole ? range : { from: 0, to: 0 };
		if (!isWhole || range.from > wanted.from || range.to < wanted.to) {
			// After the next frame, not in it: that has what is drawn now to lay out.
			this.#frame ??= requestAnimationFrame(() => {
				setTimeout(() => {
					this.#frame = undefined;
					this.#draw(STEP.changed);
				});
			});
		}
		this.#drawn = this.#rows.all;
		this.#keepFocus();
	}

	get #printed(): number {
		return Math.min(this.length, PRINTED);
	}

	/** The places of a range and that of the focus, the most urgent first: what is seen, what is below, what is above. */
	#withHeld(range: { from: number; to: number }, seen: { from: number; to: number }): number[] {
		const places = new Set([this.#held?.place, this.#next].filter((place) => place !== undefined));
		const first = Math.max(range.from, Math.min(seen.from, range.to));
		for (let place = first; place < range.to; place++) places.add(place);
		for (let place = first - 1; place >= range.from; place--) places.add(place);
		return [...places];
	}

	/** What is seen begins at another place: the page is scrolled there as soon as that has been drawn. */
	#keep(top: number | undefined): void {
		if (top === undefined || top === this.#seen.top) return;
		this.#seen = { ...this.#seen, top };
		if (this.#offset !== undefined) void tick().then(() => this.#scroll());
	}

	/** Scrolls the page to what is to be seen. */
	#scroll(): void {
		if (!this.#element) return;
		const { y } = positionOf(this.#element);
		this.#offset = y;
		window.scrollTo({ top: y + this.#seen.top, behavior: 'instant' });
	}

	#find(id: string): number | undefined {
		return findPlace(this.#ledger.columns, this.#layout, id);
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
