import type { TransactionDraft } from '#lib/domain/draft.ts';

/** A form that is being filled in, as this tab keeps it: a reload or a crash loses nothing that was typed. */
export interface KeptDraft {
	draft: Partial<TransactionDraft>;
	/** Of a new entry that is being saved: the id it gets. Once that is in the ledger nothing is left to keep. */
	savingAs?: string | undefined;
	/** Of an edit: what the form stood on. */
	opened?: TransactionDraft | undefined;
}

const KEY = 'outlay:draft';

/** @param of the entry that is edited; absent: a new one. */
export function recallDraft(of?: string): KeptDraft | undefined {
	try {
		const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(of)) ?? 'null');
		if (!isObject(kept)) return undefined;
		// A version before this one kept nothing but the form.
		if (!('draft' in kept)) return of === undefined ? { draft: kept } : undefined;
		return isObject(kept.draft) ? (kept as KeptDraft) : undefined;
	} catch {
		// Not ours, or storage is switched off: a blank form is no loss then.
		return undefined;
	}
}

export function keepDraft(kept: KeptDraft, of?: string): void {
	try {
		sessionStorage.setItem(keyOf(of), JSON.stringify(kept));
	} catch {
		// Storage is switched off or full. What is typed is still in the form.
	}
}

export function forgetDraft(of?: string): void {
	try {
		sessionStorage.removeItem(keyOf(of));
	} catch {
		// As above.
	}
}

/** For when the ledger itself goes from the device. What other tabs keep goes with them. */
export function forgetAllDrafts(): void {
	try {
		for (const key of Object.keys(sessionStorage)) {
			if (key === KEY || key.startsWith(`${KEY}:`)) sessionStorage.removeItem(key);
		}
	} catch {
		// As above.
	}
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const keyOf = (of: string | undefined) => (of === undefined ? KEY : `${KEY}:${of}`);
