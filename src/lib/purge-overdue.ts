import type { Device } from './device.ts';
import { overdueSince } from './domain/purge.ts';

/**
 * Deletes for good what has been in the trash for longer than the trash keeps things. Tabs and devices that
 * do so at the same time write the same.
 */
export async function purgeOverdue(
	{ ledger, repository, ready }: Device,
	now = new Date()
): Promise<void> {
	await ready;
	const ids = ledger.trashedUntil(overdueSince(now));
	if (ids.length > 0) await repository.purge(ids, 'overdue');
}
