/**
 * Makes every wait of this process shorter, its service's too.
 *
 * @param shorten from milliseconds asked for to milliseconds waited.
 * @returns the way back.
 */
export function shortenWaits(shorten: (ms: number) => number): () => void {
	const real = globalThis.setTimeout;
	const shortened = (run: () => void, ms = 0, ...args: []): unknown =>
		real(run, shorten(ms), ...args);
	globalThis.setTimeout = Object.assign(shortened, real) as typeof setTimeout;
	return () => {
		globalThis.setTimeout = real;
	};
}
