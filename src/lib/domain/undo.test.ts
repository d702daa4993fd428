import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LedgerDocument } from '#contract/documents/ledger-document.ts';
import type { Transaction } from '#contract/documents/transaction.ts';
import { anExpense } from '#tests/support/an-expense.ts';
import { newTransaction } from './draft.ts';
import { isEditable } from './field-groups.ts';
import { applyChanges, merge } from './merge.ts';
import { createClock } from './stamp.ts';
import { undoStep } from './undo.ts';

const NOW = '2026-11-22T12:00:00.000Z';
const clock = createClock('aaaaaaaaaa', () => 1_763_800_000_000);

function made(): Transaction {
	return newTransaction('transaction:a', anExpense(), clock.next());
}

const changes = fc.oneof(
	fc.record({ amountMinor: fc.integer({ min: 1, max: 4 }), note: fc.constantFrom('', 'a', 'b') }),
	fc.record({ payee: fc.constantFrom('Bakery', 'Baker', 'Café') }),
	fc.record({ '#trip': fc.boolean(), '#work': fc.boolean() }),
	fc.record({ deletedAt: fc.constantFrom(null, '2026-11-22T10:00:00.000Z') })
);

/** What a person sees of a document: a tag that is off is no tag. */
function seen(document: LedgerDocument): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(document).filter(
			([field, value]) => isEditable(field) && field !== 'kept' && value !== false
		)
	);
}

function takeBack<D extends LedgerDocument>(document: D, wrote: string): D {
	const undo = undoStep(document, new Set([wrote]), NOW);
	if (undo.state !== 'undo') return document;
	return applyChanges(document, undo.edit.changes, clock.next(), undo.edit.origins);
}

test('steps taken back one after the other lead back through everything that was seen', () => {
	fc.assert(
		fc.property(fc.array(changes, { minLength: 1, maxLength: 6 }), (edits) => {
			const stood: { document: Transaction; wrote: string }[] = [];
			let document = made();
			for (const edit of edits) {
				const wrote = clock.next();
				stood.push({ document, wrote });
				document = applyChanges(document, edit, wrote);
			}
			for (const { document: before, wrote } of stood.reverse()) {
				document = takeBack(document, wrote);
				expect(seen(document)).toEqual(seen(before));
			}
		})
	);
});

test('what is taken back and then merged with an edit made elsewhere keeps that edit', () => {
	const before = made();
	const wrote = clock.next();
	const changed = applyChanges(before, { payee: 'Baker', amountMinor: 1300 }, wrote);
	const elsewhere = applyChanges(changed, { note: 'with coffee' }, clock.next());
	const merged = merge(takeBack(changed, wrote), elsewhere);
	expect(merged).toMatchObject({ payee: 'Bakery', amountMinor: 1250, note: 'with coffee' });
});

test('a field that was changed since stays, and the others go back', () => {
	const before = made();
	const wrote = clock.next();
	const changed = applyChanges(before, { payee: 'Baker', note: 'x' }, wrote);
	const since = applyChanges(changed, { payee: 'Café' }, clock.next());
	expect(undoStep(since, new Set([wrote]), NOW)).toMatchObject({
		state: 'undo',
		edit: { changes: { note: '' } },
		changedSince: true
	});
});

test('what the step made goes to the trash, unless somebody has edited it', () => {
	const document = made();
	const wrote = new Set([document.stamps.payee ?? '']);
	expect(undoStep(document, wrote, NOW)).toMatchObject({
		state: 'undo',
		edit: { changes: { deletedAt: NOW } }
	});
	const edited = applyChanges(document, { note: 'mine' }, clock.next());
	expect(undoStep(edited, wrote, NOW)).toEqual({ state: 'changed-since' });
	const tagged = applyChanges(document, { '#mine': true }, clock.next());
	expect(undoStep(tagged, wrote, NOW)).toEqual({ state: 'changed-since' });
});

test('a value that has left the history is not guessed: the field stays', () => {
	let document = made();
	for (let n = 0; n < 15; n++) document = applyChanges(document, { note: `${n}` }, clock.next());
	const wrote = document.stamps.note ?? '';
	const { history: _history, ...forgetful } = document;
	expect(undoStep(forgetful as Transaction, new Set([wrote]), NOW)).toEqual({
		state: 'changed-since'
	});
	expect(undoStep(document, new Set([wrote]), NOW)).toMatchObject({
		state: 'undo',
		edit: { changes: { note: '13' } }
	});
});
