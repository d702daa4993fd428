import { expect, test } from 'vitest';
import { anExpense } from '#tests/support/an-expense.ts';
import { aDevice } from '#tests/support/devices.ts';
import { newTransaction } from '#lib/domain/draft.ts';
import type { FeedBatch } from '#lib/storage/change-feed.ts';
import { countEntries } from '#lib/storage/count-entries.ts';
import { writeStartingDocuments } from '#lib/storage/starting-ledger.ts';

async function saved(
	device = aDevice()
): Promise<{ device: ReturnType<typeof aDevice>; id: string }> {
	const result = await device.repository.createTransaction(anExpense());
	if (!result.ok) throw new Error(result.problem);
	return { device, id: result.id };
}

test('a saved expense is on disk, every field stamped', async () => {
	const { device, id } = await saved();
	const document = await device.read(id);
	expect(document).toMatchObject({ type: 'transaction', amountMinor: 1250, deletedAt: null });
	expect(Object.values(document.stamps).every((stamp) => stamp.endsWith(device.id))).toBe(true);
});

test('an edit stamps only its own fields and keeps the value it replaced', async () => {
	const { device, id } = await saved();
	const before = await device.read(id);
	await device.repository.change(id, { amountMinor: 1300 });
	const after = await device.read(id);
	expect(after.stamps.payee).toBe(before.stamps.payee);
	expect((after.stamps.amountMinor ?? '') > (before.stamps.amountMinor ?? '')).toBe(true);
	expect(after.history).toMatchObject([
		{
			field: 'amountMinor',
			value: { amountMinor: 1250, currency: 'EUR' },
			stamp: before.stamps.amountMinor
		}
	]);
});

test('an edit is later than what it was made on, even on a device whose clock is a year behind', async () => {
	const ahead = aDevice();
	const { id } = await saved(ahead);
	const behind = aDevice(() => Date.now() - 365 * 86_400_000);
	await behind.syncWith(ahead.database);
	await behind.repository.change(id, { payee: 'Baker' });
	await behind.syncWith(ahead.database);
	expect((await ahead.read(id)).payee).toBe('Baker');
});

test('two edits at the same time in two tabs both hold', async () => {
	const { device, id } = await saved();
	const results = await Promise.all([
		device.repository.change(id, { payee: 'Baker' }),
		device.repository.change(id, { note: 'with coffee' }),
		device.repository.change(id, { amountMinor: 1300 })
	]);
	expect(results.every(({ ok }) => ok)).toBe(true);
	expect(await device.read(id)).toMatchObject({
		payee: 'Baker',
		note: 'with coffee',
		amountMinor: 1300
	});
});

test('an edit that changes nothing writes nothing', async () => {
	const { device, id } = await saved();
	const { _rev } = await device.read(id);
	await device.repository.change(id, { payee: 'Bakery' });
	expect((await device.read(id))._rev).toBe(_rev);
});

test('trash and restore', async () => {
	const { device, id } = await saved();
	await device.repository.trash([id]);
	expect((await device.read(id)).deletedAt).not.toBeNull();
	await device.repository.restore([id]);
	expect((await device.read(id)).deletedAt).toBeNull();
});

test('a value of the history can be brought back', async () => {
	const { device, id } = await saved();
	await device.repository.change(id, { amountMinor: 1300 });
	const [past] = (await device.read(id)).history ?? [];
	if (!past) throw new Error('The edit should have left a past value');
	await device.repository.bringBack(id, past);
	expect((await device.read(id)).amountMinor).toBe(1250);
});

test('what a newer version wrote is not touched', async () => {
	const { device, id } = await saved();
	const document = await device.read(id);
	await device.database.put({ ...document, version: 99, mood: 'happy' });
	expect(await device.repository.change(id, { payee: 'x' })).toEqual({
		ok: false,
		problem: 'newer-version'
	});
	expect(await device.read(id)).toMatchObject({ version: 99, mood: 'happy', payee: 'Bakery' });
});

test('an unknown field of the same version survives an edit', async () => {
	const { device, id } = await saved();
	await device.database.put({ ...(await device.read(id)), mood: 'happy' });
	await device.repository.change(id, { payee: 'x' });
	expect(await device.read(id)).toMatchObject({ mood: 'happy', payee: 'x' });
});

test('an entry that does not exist, and one that is too large', async () => {
	const { device, id } = await saved();
	expect(await device.repository.change('transaction:none', { payee: 'x' })).toEqual({
		ok: false,
		problem: 'not-found'
	});
	expect(await device.repository.change(id, { note: 'x'.repeat(1_000_000) })).toEqual({
		ok: false,
		problem: 'too-large'
	});
	expect((await device.read(id)).note).toBe('');
});

test('documents that stand already are left alone, in the trash too', async () => {
	const { device, id } = await saved();
	await device.repository.trash([id]);
	const { stamp } = await device.repository.beginOperation();
	const documents = [
		newTransaction(id, anExpense({ payee: 'again' }), stamp),
		newTransaction('transaction:new', anExpense(), stamp)
	];
	expect(await device.repository.addAll(documents)).toEqual({
		written: ['transaction:new'],
		present: [id],
		failed: []
	});
	expect(await device.read(id)).toMatchObject({ payee: 'Bakery' });
	expect((await device.read(id)).deletedAt).not.toBeNull();
});

test('the change feed tells what stands, then every write, whoever made it', async () => {
	const { device, id } = await saved();
	const batches: FeedBatch[] = [];
	device.feed.listen((batch) => {
		batches.push(batch);
	});
	await device.feed.open();
	expect(batches.flatMap(({ documents }) => documents.map((document) => document.id))).toEqual([
		id
	]);

	const told = new Promise<FeedBatch>((resolve) => device.feed.listen(resolve));
	const other = aDevice();
	const result = await other.repository.createTransaction(anExpense({ payee: 'from elsewhere' }));
	await device.syncWith(other.database);
	expect((await told).documents.map((document) => document.id)).toEqual([result.ok && result.id]);
	device.feed.close();
});

test('an unreadable document is set aside and never stops the rest', async () => {
	const { device, id } = await saved();
	await device.database.put({
		_id: 'transaction:broken',
		type: 'transaction',
		amountMinor: 'lots'
	});
	const told = new Promise<FeedBatch>((resolve) => device.feed.listen(resolve));
	await device.feed.open();
	const states = (await told).documents.map((document) => [document.id, document.decoded.state]);
	expect(states.sort()).toEqual(
		[
			['transaction:broken', 'unreadable'],
			[id, 'known']
		].sort()
	);
	device.feed.close();
});

test('the starting documents are the same revisions on every device', async () => {
	const [a, b] = [aDevice(), aDevice()];
	await writeStartingDocuments(a.database);
	await writeStartingDocuments(b.database);
	await writeStartingDocuments(b.database);
	await a.syncWith(b.database);
	for (const { database } of [a, b]) {
		const { rows } = await database.allDocs({ include_docs: true, conflicts: true });
		expect(rows).toHaveLength(13);
		for (const row of rows) {
			expect(row).toMatchObject({ value: { rev: expect.stringMatching(/^1-/) as string } });
			expect('doc' in row && row.doc).not.toHaveProperty('_conflicts');
		}
	}
});

test('what a person typed is counted, what the app made is not', async () => {
	const device = aDevice();
	await writeStartingDocuments(device.database);
	expect(await countEntries(device.database)).toEqual({ entries: 0, typed: 0 });
	const { id } = await saved(device);
	expect(await countEntries(device.database)).toEqual({ entries: 1, typed: 1 });
	await device.repository.trash([id]);
	expect(await countEntries(device.database)).toEqual({ entries: 0, typed: 1 });
});
