/** How many notices a ledger remembers as dismissed: the latest. */
const KEPT = 50;

const keyOf = (ledger: string): string => `outlay:dismissed:${ledger}`;

/** What of a local ledger's notices was dismissed on this device: the notice's key → how much it was about then. */
export type Dismissed = Readonly<Record<string, number>>;

export function recallDismissed(ledger: string | undefined): Dismissed {
	if (ledger === undefined) return {};
	try {
		const kept: unknown = JSON.parse(localStorage.getItem(keyOf(ledger)) ?? '{}');
		return kept !== null && typeof kept === 'object' ? (kept as Dismissed) : {};
	} catch {
		// Storage is switched off, or somebody wrote into it: then everything is said again.
		return {};
	}
}

/** Takes note that a notice was dismissed; returns all that were. */
export function noteDismissed(ledger: string | undefined, key: string, size: number): Dismissed {
	const { [key]: _again, ...others } = recallDismissed(ledger);
	const kept = Object.fromEntries([...Object.entries(others), [key, size]].slice(-KEPT));
	try {
		if (ledger !== undefined) localStorage.setItem(keyOf(ledger), JSON.stringify(kept));
	} catch {
		// Storage is switched off or full: it comes back with the next visit.
	}
	return kept;
}
