import { vi } from 'vitest';

/** Milliseconds after which what did not come true will not: a busy machine is slow, not wrong. */
const PATIENCE_MS = 15_000;

/** Waits until an assertion holds. @throws what it threw last, when it never does. */
export function eventually<T>(assertion: () => T | Promise<T>): Promise<T> {
	return vi.waitFor(assertion, { timeout: PATIENCE_MS });
}
