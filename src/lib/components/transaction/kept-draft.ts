import type { TransactionDraft } from '#lib/domain/draft.ts';

const KEY = 'outlay:draft';

/** The form that was being filled in this tab, so that a reload loses nothing that was typed. */
export function recallDraft(): Partial<TransactionDraft> | undefined {
	try {
		const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
		return kept !== null && typeof kept === 'object' ? kept : undefined;
	} catch {
		// Not ours, or storage is switched off: a blank form is no loss then.
		return undefined;
	}
}

export function keepDraft(draft: TransactionDraft): void {
	try {
		sessionStorage.setItem(KEY, JSON.stringify(draft));
	} catch {
		// Storage is switched off or full. What is typed is still in the form.
	}
}

export function forgetDraft(): void {
	try {
		sessionStorage.removeItem(KEY);
	} catch {
		// As above.
	}
}
