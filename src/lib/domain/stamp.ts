import type { Stamp } from '#contract/documents/stamp.ts';

/** Makes the stamps of one device: each later than every one it made or saw before. */
export interface Clock {
	/** The next stamp. */
	next(): Stamp;
	/** Takes note of a stamp from elsewhere, so that the next one is later even if this device's clock is behind. */
	observe(stamp: Stamp): void;
}

const MS_WIDTH = 15;
const COUNTER_WIDTH = 4;
const COUNTER_LIMIT = 36 ** COUNTER_WIDTH;
/** How far apart tabs go on from a stamp that both have seen. */
const STRIDE = 36 ** 2;
const COMPUTED = '0'.repeat(MS_WIDTH);

/**
 * A hybrid logical clock.
 *
 * @param device 10 base-36 characters, see {@link Stamp}.
 * @param now milliseconds since the Unix epoch; it may jump either way, stamps still only rise.
 * @param firstCounter where the counter begins in each millisecond. Tabs of one device take one at random
 * ({@link randomCounter}): two of them that write in the same millisecond still make different stamps.
 */
export function createClock(device: string, now: () => number, firstCounter = 0): Clock {
	let lastMs = 0;
	let counter = -1;
	return {
		next() {
			const ms = Math.max(0, Math.floor(now()));
			if (ms > lastMs) {
				lastMs = ms;
				counter = firstCounter;
			} else if (++counter >= COUNTER_LIMIT) {
				lastMs += 1;
				counter = firstCounter;
			}
			return formatStamp(lastMs, counter, device);
		},
		observe(stamp) {
			const { ms, counter: seen } = readStamp(stamp);
			if (ms > lastMs || (ms === lastMs && seen > counter)) {
				lastMs = ms;
				// Two tabs that go on from the same stamp do so apart.
				counter = seen + (firstCounter % STRIDE);
			}
		}
	};
}

/** A counter to begin with, in the lower half of what there is: enough is left to count on. */
export function randomCounter(): number {
	return Math.floor((Math.random() * COUNTER_LIMIT) / 2);
}

function formatStamp(ms: number, counter: number, device: string): Stamp {
	return [
		String(ms).padStart(MS_WIDTH, '0'),
		counter.toString(36).padStart(COUNTER_WIDTH, '0'),
		device
	].join('-');
}

/** The parts of a stamp; of a computed one, `ms` and `counter` are 0. */
export function readStamp(stamp: Stamp): { ms: number; counter: number; device: string } {
	if (isComputed(stamp)) return { ms: 0, counter: 0, device: '' };
	const [ms = '0', counter = '0', device = ''] = stamp.split('-');
	return { ms: Number(ms), counter: parseInt(counter, 36), device };
}

/** Whether the app itself made the value, not a person. */
export function isComputed(stamp: Stamp): boolean {
	return stamp.startsWith(COMPUTED);
}

/** The latest of a document's stamps, or `''` when it has none. */
export function latestStamp(stamps: Readonly<Record<string, Stamp>>): Stamp {
	let latest = '';
	for (const stamp of Object.values(stamps)) if (stamp > latest) latest = stamp;
	return latest;
}
