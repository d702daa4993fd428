/** Moments of a local ledger that this browser remembers beside it. */
type Moment = 'exported' | 'in-step';

/**
 * When something last happened to the ledger of this name on this device, in milliseconds since the Unix epoch;
 * `undefined` = never, or nobody knows.
 */
export function recallMoment(moment: Moment, ledger: string | undefined): number | undefined {
	if (ledger === undefined) return undefined;
	try {
		return Number(localStorage.getItem(keyOf(moment, ledger))) || undefined;
	} catch {
		// Storage is switched off.
		return undefined;
	}
}

export function noteMoment(moment: Moment, ledger: string | undefined, now = Date.now()): void {
	if (ledger === undefined) return;
	try {
		localStorage.setItem(keyOf(moment, ledger), String(now));
	} catch {
		// Storage is switched off or full: then it is not known when.
	}
}

const keyOf = (moment: Moment, ledger: string): string => `outlay:${moment}:${ledger}`;
