import * as z from 'zod/mini';
import { Account } from '#contract/documents/account.ts';
import { Budget } from '#contract/documents/budget.ts';
import { Category } from '#contract/documents/category.ts';
import { LedgerDocument } from '#contract/documents/ledger-document.ts';
import { Operation } from '#contract/documents/operation.ts';
import { Preferences } from '#contract/documents/preferences.ts';
import { RecurringRule } from '#contract/documents/recurring-rule.ts';
import { Rule } from '#contract/documents/rule.ts';
import { Stub } from '#contract/documents/stub.ts';
import { Transaction } from '#contract/documents/transaction.ts';
import { VERSIONS, type DocumentType } from '#contract/documents/versions.ts';
import { migrate, type RawDocument } from '#lib/domain/migrations/migrate.ts';

/** The documents that this app knows how to work with. */
export type KnownDocument =
	Transaction | Category | Account | Budget | RecurringRule | Rule | Preferences | Operation;

/** What reading a stored document comes to. Nothing is ever dropped or written over because of it. */
export type Decoded =
	/** In the shape of this app's version, whatever it was stored in. */
	| { state: 'known'; document: KnownDocument }
	/** Deleted for good: nothing but a stub is left. */
	| { state: 'purged'; stub: Stub }
	/**
	 * Of a newer version or an unknown type: to be left as it is. `shown` is what this app can make of it,
	 * to be looked at and never written.
	 */
	| { state: 'newer'; document: LedgerDocument; shown: KnownDocument | undefined }
	/** Not readable at all: set aside and counted. */
	| { state: 'unreadable'; id: string; raw: unknown; reason: string };

const SCHEMAS = {
	transaction: Transaction,
	category: Category,
	account: Account,
	budget: Budget,
	'recurring-rule': RecurringRule,
	rule: Rule,
	preferences: Preferences,
	operation: Operation
} as const satisfies Record<DocumentType, unknown>;

/** Reads a document that comes out of the database, wherever it was written. */
export function decodeDocument(raw: unknown): Decoded {
	if (isRecord(raw) && raw.purged !== undefined) {
		const stub = z.safeParse(Stub, raw);
		return stub.success ? { state: 'purged', stub: stub.data } : toUnreadable(raw, stub.error);
	}
	const type = isRecord(raw) ? toKnownType(raw.type) : undefined;
	if (isRecord(raw) && type && Number(raw.version) <= VERSIONS[type]) {
		// A kind's own schema asks for all that every document has: one look is enough for most documents.
		const parsed = z.safeParse(SCHEMAS[type], migrate(raw));
		if (!parsed.success) return toUnreadable(raw, parsed.error);
		return { state: 'known', document: parsed.data };
	}
	const base = z.safeParse(LedgerDocument, raw);
	if (!base.success) return toUnreadable(raw, base.error);
	const shown = type && z.safeParse(SCHEMAS[type], raw).data;
	return { state: 'newer', document: base.data, shown };
}

function toKnownType(type: unknown): DocumentType | undefined {
	return typeof type === 'string' && Object.hasOwn(SCHEMAS, type)
		? (type as DocumentType)
		: undefined;
}

function isRecord(raw: unknown): raw is RawDocument {
	return typeof raw === 'object' && raw !== null;
}

function toUnreadable(raw: unknown, error: z.core.$ZodError): Decoded {
	const id = isRecord(raw) && '_id' in raw ? String(raw._id) : '';
	const reason = error.issues.map(({ path, code }) => `${path.join('.')}: ${code}`).join('; ');
	return { state: 'unreadable', id, raw, reason };
}
