import { PREFERENCES_ID } from '#contract/documents/well-known.ts';
import { toasts } from '#lib/components/ui/toast-list.svelte.ts';
import type { Device } from '#lib/device.ts';
import { today } from '#lib/domain/calendar-day.ts';
import { demonstrationDocuments } from '#lib/domain/demonstration.ts';
import { sentence } from '#lib/domain/messages.ts';
import { randomText } from '#lib/domain/random-text.ts';
import { createClock } from '#lib/domain/stamp.ts';
import { noteDemonstration, sweepDemonstrations } from '#lib/storage/demonstrations.ts';

/**
 * Makes up a year and opens it beside the person's own ledger, in the currency of that.
 *
 * @returns whether it is open.
 */
export async function openDemonstration({
	ledger,
	repository,
	reopen
}: Pick<Device, 'ledger' | 'repository' | 'reopen'>): Promise<boolean> {
	const { currency } = ledger;
	const isChosen = (ledger.preferences?.currency ?? null) !== null;
	const now = new Date();
	const documents = demonstrationDocuments({
		today: today(now),
		time: now.toTimeString().slice(0, 8),
		currency,
		stamp: createClock(randomText(10), Date.now).next(),
		seed: now.getTime() % 1_000_000
	});
	try {
		await sweepDemonstrations();
		// Open before it is filled: cut off in between, it is there to be removed.
		await noteDemonstration();
		await reopen();
		await repository.addAll(documents);
		if (isChosen) await repository.change(PREFERENCES_ID, { currency });
		return true;
	} catch {
		toasts.show(sentence('storage-failed'));
		return false;
	}
}
