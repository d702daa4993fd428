/** What a finger can ask of a row. */
export interface RowGestures {
	/** A long press, or a swipe to the end of the line. */
	onselect(place: number): void;
	/** A swipe to the start of the line. */
	ondelete(place: number): void;
	/** Whether a row may be swiped: not while many are selected. */
	canSwipe(): boolean;
}

/** How long a press is a long one, in milliseconds. */
const LONG_MS = 450;
/** How far a finger may stray while it presses, in CSS pixels. */
const STRAY = 10;
/** How far it must go for a swipe to count. */
const FAR = 96;
/** The edges of the window belong to the system: its back gesture begins there. */
const EDGE = 28;

interface Press {
	pointer: number;
	place: number;
	x: number;
	y: number;
	row: HTMLElement;
	/** Set once the finger goes sideways: how far, towards the end of the line if positive. */
	by: number | undefined;
	/** `undefined` = the press has been a long one. */
	timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Listens to fingers on the rows of a list: a long press and swipes. Scrolling is the browser's own: it takes
 * the pointer away before anything here counts.
 */
export class RowFingers {
	readonly #wishes: RowGestures;
	#press: Press | undefined;
	/** A press that was answered is no click on the link under it. */
	#answered = false;

	constructor(wishes: RowGestures) {
		this.#wishes = wishes;
	}

	down(event: PointerEvent): void {
		this.#answered = false;
		this.#end();
		const row = event.target instanceof Element && event.target.closest('[data-place]');
		if (event.pointerType === 'mouse' || !event.isPrimary || !(row instanceof HTMLElement)) return;
		const press: Press = {
			pointer: event.pointerId,
			place: Number(row.dataset.place),
			x: event.clientX,
			y: event.clientY,
			row,
			by: undefined,
			timer: setTimeout(() => {
				press.timer = undefined;
				this.#answered = true;
				navigator.vibrate?.(10);
				this.#wishes.onselect(press.place);
			}, LONG_MS)
		};
		this.#press = press;
	}

	move(event: PointerEvent): void {
		const press = this.#press;
		if (press?.pointer !== event.pointerId || press.timer === undefined) return;
		const across = event.clientX - press.x;
		const along = event.clientY - press.y;
		if (press.by === undefined) {
			if (Math.hypot(across, along) < STRAY) return;
			const isEdge = press.x < EDGE || press.x > window.innerWidth - EDGE;
			const isSideways = Math.abs(across) > 1.5 * Math.abs(along);
			if (!isSideways || isEdge || !this.#wishes.canSwipe()) return this.#end();
			clearTimeout(press.timer);
			this.#answered = true;
			press.row.setPointerCapture(press.pointer);
		}
		press.by = across * (getComputedStyle(press.row).direction === 'rtl' ? -1 : 1);
		const isFar = Math.abs(press.by) >= FAR;
		press.row.dataset.swipe = press.by < 0 ? 'delete' : 'select';
		press.row.toggleAttribute('data-far', isFar);
		press.row.style.setProperty('--swiped', `${across}px`);
	}

	up(event: PointerEvent): void {
		const press = this.#press;
		if (press?.pointer !== event.pointerId) return;
		const by = press.by ?? 0;
		this.#end();
		if (by <= -FAR) this.#wishes.ondelete(press.place);
		else if (by >= FAR) this.#wishes.onselect(press.place);
	}

	/** The browser scrolls, or the system has taken over. */
	cancel(): void {
		this.#end();
	}

	/** Whether a click is what is left of a press that was answered. */
	swallows(): boolean {
		const answered = this.#answered;
		this.#answered = false;
		return answered;
	}

	/** Whether a finger is down: no menu may come between. */
	get pressing(): boolean {
		return this.#press !== undefined;
	}

	#end(): void {
		const press = this.#press;
		this.#press = undefined;
		if (!press) return;
		clearTimeout(press.timer);
		delete press.row.dataset.swipe;
		press.row.removeAttribute('data-far');
		press.row.style.removeProperty('--swiped');
	}
}
