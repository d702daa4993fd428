import * as z from 'zod/mini';
import { ACCOUNT_VERSION, Account } from '#contract/documents/account.ts';
import { CATEGORY_VERSION, Category } from '#contract/documents/category.ts';
import { LedgerDocument } from '#contract/documents/ledger-document.ts';
import { PREFERENCES_VERSION, Preferences } from '#contract/documents/preferences.ts';
import { TRANSACTION_VERSION, Transaction } from '#contract/documents/transaction.ts';

/** The documents that this app knows how to work with. */
export type KnownDocument = Transaction | Category | Account | Preferences;

/** What reading a stored document comes to. Nothing is ever dropped or written over because of it. */
export type Decoded =
	| { state: 'known'; document: KnownDocument }
	/** Of a newer version or an unknown type: to be left as it is. */
	| { state: 'newer'; document: LedgerDocument }
	/** Not readable at all: set aside and counted. */
	| { state: 'unreadable'; id: string; raw: unknown; reason: string };

const SCHEMAS = {
	transaction: { schema: Transaction, version: TRANSACTION_VERSION },
	category: { schema: Category, version: CATEGORY_VERSION },
	account: { schema: Account, version: ACCOUNT_VERSION },
	preferences: { schema: Preferences, version: PREFERENCES_VERSION }
} as const;

/** Reads a document that comes out of the database, wherever it was written. */
export function decodeDocument(raw: unknown): Decoded {
	const base = z.safeParse(LedgerDocument, raw);
	if (!base.success) return toUnreadable(raw, base.error);
	const known = SCHEMAS[base.data.type as keyof typeof SCHEMAS] as
		(typeof SCHEMAS)[keyof typeof SCHEMAS] | undefined;
	if (!known || base.data.version > known.version) return { state: 'newer', document: base.data };
	const parsed = z.safeParse(known.schema, raw);
	if (!parsed.success) return toUnreadable(raw, parsed.error);
	return { state: 'known', document: parsed.data };
}

function toUnreadable(raw: unknown, error: z.core.$ZodError): Decoded {
	const id = typeof raw === 'object' && raw !== null && '_id' in raw ? String(raw._id) : '';
	const reason = error.issues.map(({ path, code }) => `${path.join('.')}: ${code}`).join('; ');
	return { state: 'unreadable', id, raw, reason };
}
