import { POUCH_PREFIX } from './database-name.ts';
import {
	currentLedger,
	DeviceRegistry,
	isDemonstration,
	newLocalLedger,
	outOfDemonstration,
	withLedger
} from './device-registry.ts';
import { removeSnapshot } from './ledger-snapshot.ts';

const registry = new DeviceRegistry();

/** Notes that a new demonstration is open, unless one is. Nothing is in it yet. */
export async function noteDemonstration(): Promise<void> {
	await registry.update((record) => {
		if (isDemonstration(currentLedger(record))) return record;
		const made = { ...newLocalLedger(), demonstration: record.current };
		return withLedger({ ...record, current: made.name }, made);
	});
}

/** Notes that the person's own ledger is open again. What is in the demonstration stays until {@link sweepDemonstrations}. */
export async function noteOwn(): Promise<void> {
	await registry.update(outOfDemonstration);
}

/** Notes that the demonstration is open again that was left last. Returns whether it was still there. */
export async function noteDemonstrationAgain(): Promise<boolean> {
	const record = await registry.update((before) => {
		const last = before.ledgers.findLast(isDemonstration);
		return last ? { ...before, current: last.name } : before;
	});
	return isDemonstration(currentLedger(record));
}

/** Deletes the demonstrations that were left. Databases that a tab still holds open go when it lets go of them. */
export async function sweepDemonstrations(): Promise<void> {
	const left: string[] = [];
	// Forgotten first: nobody opens one that is half gone.
	await registry.update((record) => ({
		...record,
		ledgers: record.ledgers.filter((ledger) => {
			const isLeft = isDemonstration(ledger) && ledger.name !== record.current;
			if (isLeft) left.push(ledger.name);
			return !isLeft;
		})
	}));
	for (const name of left) {
		// PouchDB would have to come along only to say the same.
		indexedDB.deleteDatabase(POUCH_PREFIX + name);
		await removeSnapshot(name);
	}
}
