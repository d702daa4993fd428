import type { Instant, LedgerDocument } from '#contract/documents/ledger-document.ts';
import type { Stub } from '#contract/documents/stub.ts';
import { readState, writeState } from './document-state.ts';

/** How long the trash keeps what is put into it, in days. */
export const TRASH_DAYS = 30;

const DAY_MS = 86_400_000;

/** When a document that was put into the trash at `deletedAt` is purged. */
export function purgeDueAt(deletedAt: Instant): Instant {
	return new Date(Date.parse(deletedAt) + TRASH_DAYS * DAY_MS).toISOString();
}

/** What was put into the trash at this instant, or before, is due. */
export function overdueSince(now: Date): Instant {
	return new Date(now.getTime() - TRASH_DAYS * DAY_MS).toISOString();
}

/**
 * What is left of a document in the trash once it is deleted for good: its id, and the stamps up to which
 * its values are gone. An overdue one has the instant when it was due, so that every device that purges it
 * writes the same revision.
 */
export function toStub(document: LedgerDocument & { deletedAt: Instant }, now: Date): Stub {
	const due = purgeDueAt(document.deletedAt);
	const state = readState(document);
	return writeState<Stub>(document as unknown as Stub, 0, {
		versions: [],
		erased: { ...state.erased, ...document.stamps },
		restored: undefined,
		purged: due <= now.toISOString() ? due : now.toISOString()
	});
}
