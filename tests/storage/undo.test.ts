import { expect, test } from 'vitest';
import type { KnownDocument } from '#lib/storage/document-codec.ts';
import type { SaveResult } from '#lib/storage/ledger-repository.ts';
import { PouchLedgerRepository } from '#lib/storage/pouch-ledger-repository.ts';
import { newTransaction } from '#lib/domain/draft.ts';
import { newCategory } from '#lib/domain/starting-documents.ts';
import { createClock } from '#lib/domain/stamp.ts';
import { anExpense } from '#tests/support/an-expense.ts';
import { aDevice, type TestDevice } from '#tests/support/devices.ts';

async function save(device: TestDevice, payee: string): Promise<string> {
	return requireId(await device.repository.createTransaction(anExpense({ payee })));
}

function requireId(result: SaveResult): string {
	if (!result.ok) throw new Error(result.problem);
	return result.id;
}

/** The same database as after a reload: nothing that was in memory is left. */
function reopened({ database, id }: TestDevice): PouchLedgerRepository {
	return new PouchLedgerRepository(database, createClock(id, Date.now));
}

/** An import of three rows and the category that it brought along. */
async function imported(device: TestDevice): Promise<{ operationId: string; ids: string[] }> {
	const operation = await device.repository.beginOperation();
	const category = newCategory(
		'category:imported',
		{ name: 'Trains', icon: 'train', colour: 1, order: 20, parentId: null },
		operation.stamp
	);
	const rows = ['a', 'b', 'c'].map((payee) =>
		newTransaction(
			`transaction:${payee}`,
			{ ...anExpense({ payee }), categoryId: category._id, operationId: operation.id },
			operation.stamp
		)
	);
	const documents: KnownDocument[] = [category, ...rows];
	requireId(await device.repository.recordImport(operation, { label: 'bank.csv', entries: 3 }));
	await device.repository.addAll(documents);
	return { operationId: operation.id, ids: documents.map(({ _id }) => _id) };
}

test('a new entry is taken back into the trash, an edit to the value before', async () => {
	const device = aDevice();
	const id = await save(device, 'Bakery');
	const saved = await device.repository.change(id, { payee: 'Baker', amountMinor: 1300 });
	if (!saved.ok || !saved.step) throw new Error('The edit should have been a step');
	await device.repository.undo(saved.step);
	expect(await device.read(id)).toMatchObject({ payee: 'Bakery', amountMinor: 1250 });
});

test('step by step, back to the beginning, also after a reload', async () => {
	const device = aDevice();
	const id = await save(device, 'first');
	await device.repository.change(id, { payee: 'second' });
	await device.repository.change(id, { payee: 'third' });
	await device.repository.trash([id]);
	await device.repository.undoLast();
	expect((await device.read(id)).deletedAt).toBeNull();

	const later = reopened(device);
	await later.undoLast();
	expect(await device.read(id)).toMatchObject({ payee: 'second' });
	await later.undoLast();
	expect(await device.read(id)).toMatchObject({ payee: 'first' });
	await later.undoLast();
	expect((await device.read(id)).deletedAt).not.toBeNull();
	expect(await later.undoLast()).toBeUndefined();
});

test('only what the step wrote: what another device changed since stays, and is named', async () => {
	const [a, b] = [aDevice(), aDevice()];
	const [kept, lost] = [await save(a, 'kept'), await save(a, 'lost')];
	const done = await a.repository.changeAll([kept, lost], { note: 'bulk', '#trip': true }, 'Tag');
	await b.syncWith(a.database);
	await b.repository.change(kept, { note: 'by hand' });
	await b.syncWith(a.database);
	if (!done.step) throw new Error('The bulk edit should have been a step');
	const undone = await a.repository.undo(done.step);
	expect(undone.changedSince).toEqual([kept]);
	expect(await a.read(kept)).toMatchObject({ note: 'by hand', '#trip': false });
	expect(await a.read(lost)).toMatchObject({ note: '', '#trip': false });
});

test('a bulk edit is taken back by another device, and again by the first', async () => {
	const [a, b] = [aDevice(), aDevice()];
	const ids = [await save(a, 'one'), await save(a, 'two')];
	await a.repository.changeAll(ids, { categoryId: 'category:transport' }, 'Transport');
	await b.syncWith(a.database);
	const operations = await b.operations();
	expect(operations).toMatchObject([
		{ kind: 'edit', label: 'Transport', entries: 2, undoneBy: null }
	]);
	await b.repository.undoOperation(operations[0]?._id ?? '');
	await a.syncWith(b.database);
	for (const id of ids) expect((await a.read(id)).categoryId).toBe('category:food');
	const [undo, edit] = (await a.operations()).sort((x, y) => (x.kind > y.kind ? -1 : 1));
	expect(edit?.undoneBy).toBe(undo?._id);

	await a.repository.undoOperation(undo?._id ?? '');
	for (const id of ids) expect((await a.read(id)).categoryId).toBe('category:transport');
	expect((await a.operations()).find(({ kind }) => kind === 'edit')?.undoneBy).toBeNull();
});

test('a whole import goes as one step, with the categories that it brought, on every device', async () => {
	const [a, b] = [aDevice(), aDevice()];
	const { operationId, ids } = await imported(a);
	await b.syncWith(a.database);
	const undone = await b.repository.undoOperation(operationId);
	expect(undone.written.sort()).toEqual([...ids].sort());
	await a.syncWith(b.database);
	for (const id of ids) expect((await a.read(id)).deletedAt).not.toBeNull();
});

test('of an import taken back, an entry edited since stays, and so does its category', async () => {
	const device = aDevice();
	const { operationId } = await imported(device);
	await device.repository.change('transaction:b', { note: 'mine' });
	const undone = await reopened(device).undoOperation(operationId);
	expect(undone.changedSince.sort()).toEqual(['category:imported', 'transaction:b']);
	expect(await device.read('transaction:b')).toMatchObject({ note: 'mine', deletedAt: null });
	expect((await device.read('category:imported')).deletedAt).toBeNull();
	expect((await device.read('transaction:a')).deletedAt).not.toBeNull();
});

test('an import that a crash cut short can be taken back as far as it came', async () => {
	const device = aDevice();
	const operation = await device.repository.beginOperation();
	requireId(await device.repository.recordImport(operation, { label: 'x.csv', entries: 100 }));
	const row = newTransaction('transaction:x', anExpense(), operation.stamp);
	await device.repository.addAll([row]);
	const undone = await reopened(device).undoLast();
	expect(undone?.written).toEqual(['transaction:x']);
});
