import { createHash } from 'node:crypto';
import { addDays, toDay } from '#lib/domain/calendar-day.ts';
import { newTransaction } from '#lib/domain/draft.ts';
import { createClock } from '#lib/domain/stamp.ts';
import type { StoredDocument } from '#lib/storage/open-database.ts';
import type { Person } from '#tests/service/people.ts';
import { pushDocuments } from '#tests/service/people.ts';
import { anExpense } from '#tests/support/an-expense.ts';

const FIRST_DAY = toDay(2016, 1, 1) ?? '';
const PAYEES = ['Bakery', 'Railway', 'Greengrocer', 'Landlord', 'Café Zoë', 'Pharmacy'];

/** Somebody's entries as another device once wrote them, the oldest first: nine a day. */
export function* olderEntries(count: number, device = 'elsewhere0'): Generator<StoredDocument> {
	const clock = createClock(device, () => Date.UTC(2016, 0));
	for (let at = 0; at < count; at++) {
		const facts = anExpense({
			amountMinor: 100 + ((at * 7919) % 20_000),
			payee: PAYEES[at % PAYEES.length] ?? '',
			note: at % 3 === 0 ? `Receipt ${at}` : '',
			spentOn: addDays(FIRST_DAY, Math.floor(at / 9))
		});
		// A store writes what comes together in the order of the ids: here that is the order of the days.
		const id = `transaction:${String(at).padStart(6, '0')}${hash(`${device} ${at}`).slice(0, 16)}`;
		yield withRevision({ ...newTransaction(id, facts, clock.next()) }, 1 + (at % 3));
	}
}

/** A document at its n-th revision, with those before it. */
export function withRevision(document: StoredDocument, generation: number): StoredDocument {
	const text = JSON.stringify(document);
	const ids = Array.from({ length: generation }, (_, age) => hash(`${text} ${generation - age}`));
	const _revisions = { start: generation, ids };
	return { ...document, _rev: `${generation}-${ids[0] ?? ''}`, _revisions };
}

/**
 * Puts documents into a person's ledger in the cloud.
 *
 * @param size how many at a time; a store orders those by their ids.
 */
export async function fillLedger(
	person: Person,
	documents: Iterable<StoredDocument>,
	size = 1000
): Promise<void> {
	let batch: StoredDocument[] = [];
	for (const document of documents) {
		batch.push(document);
		if (batch.length < size) continue;
		await pushDocuments(person, ...batch);
		batch = [];
	}
	if (batch.length > 0) await pushDocuments(person, ...batch);
}

function hash(text: string): string {
	return createHash('md5').update(text).digest('hex');
}
