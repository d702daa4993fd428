/** How long a request may be tried again, in milliseconds from its beginning. */
const WINDOW_MS = 5000;

/** The longest pause that we choose by ourselves, in milliseconds. */
const LONGEST_MS = 2000;

/** POST requests that may safely reach the store twice. */
const REPEATABLE_POST =
	/\/_(changes|bulk_get|revs_diff|all_docs|ensure_full_commit|find|dbs_info)(\?|$)/;

/** Whether it does no harm, and says the same, when the store gets it twice. */
export function isRepeatable(method: string, path: string, body: unknown): boolean {
	if (method !== 'POST') return true;
	if (REPEATABLE_POST.test(path)) return true;
	return /\/_bulk_docs(\?|$)/.test(path) && hasNewEditsOff(body);
}

function hasNewEditsOff(body: unknown): boolean {
	return (
		typeof body === 'object' && body !== null && 'new_edits' in body && body.new_edits === false
	);
}

/**
 * How long to wait before the next attempt, in milliseconds; `undefined` when it is time to give up.
 *
 * @param attempt how many attempts were made.
 * @param since when the first one began, as `performance.now()` has it.
 * @param retryAfter the store's own wish, in seconds, as the header has it.
 */
export function toPause(
	attempt: number,
	since: number,
	retryAfter: string | null
): number | undefined {
	const wished = /^\d+$/.test(retryAfter ?? '') ? Number(retryAfter) * 1000 : 0;
	const longest = Math.min(100 * 2 ** (attempt - 1), LONGEST_MS);
	// Half of it at random: many requests refused together shall not come back together.
	const pause = Math.max(wished, longest * (0.5 + Math.random() / 2));
	return performance.now() - since + pause > WINDOW_MS ? undefined : pause;
}
