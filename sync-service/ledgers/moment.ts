/** An instant by both clocks: neither one's standing still or jumping makes something younger than it is. */
export interface Moment {
	/** As `performance.now()` has it. */
	steady: number;
	/** Milliseconds since the Unix epoch. */
	wall: number;
}

export function takeMoment(): Moment {
	return { steady: performance.now(), wall: Date.now() };
}

/** Milliseconds since then. */
export function toAge({ steady, wall }: Moment): number {
	return Math.max(performance.now() - steady, Date.now() - wall);
}
