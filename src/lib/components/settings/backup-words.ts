const DAY_MS = 86_400_000;
/** From so many days without an export on it is worth a word to who has no copy in the cloud. */
const OVERDUE_DAYS = 30;

/**
 * Whether a copy should be made.
 *
 * @param exportedAt when one was last made, in milliseconds since the Unix epoch; `undefined` = never.
 * @param since when the ledger was made on this device, likewise; `undefined` = nobody knows: long ago.
 */
export function backupOverdue(
	exportedAt: number | undefined,
	since: number | undefined,
	now: number
): boolean {
	return now - (exportedAt ?? since ?? 0) > OVERDUE_DAYS * DAY_MS;
}
