import { expect, test } from 'vitest';
import type { FeedBatch } from '#lib/storage/change-feed.ts';
import { anExpense } from '#tests/support/an-expense.ts';
import { aDevice } from '#tests/support/devices.ts';

/** Saves so many entries, one after the other. */
async function saveEntries(device: ReturnType<typeof aDevice>, count: number): Promise<void> {
	for (let entry = 0; entry < count; entry++)
		await device.repository.createTransaction(anExpense());
}

test('a feed that is opened at a sequence tells what came after it, and nothing else', async () => {
	const device = aDevice();
	await saveEntries(device, 3);
	const { update_seq } = await device.database.info();
	await saveEntries(device, 2);
	const batches: FeedBatch[] = [];
	device.feed.listen((batch) => void batches.push(batch));
	await device.feed.open(Number(update_seq));
	expect(batches.flatMap(({ documents }) => documents)).toHaveLength(2);
	expect(device.feed.sequence).toBe(Number((await device.database.info()).update_seq));
	device.feed.close();
});

test('a large ledger is told page by page, and the next page waits until the last one was taken', async () => {
	const device = aDevice();
	const documents = Array.from({ length: 600 }, (_, at) => ({ _id: `odd:${at}` }));
	await device.database.bulkDocs(documents);
	let taking = false;
	let told = 0;
	device.feed.listen(async (batch) => {
		expect(taking).toBe(false);
		taking = true;
		told += batch.documents.length;
		expect(batch.documents.length).toBeLessThan(600);
		await new Promise((resolve) => setTimeout(resolve, 5));
		taking = false;
	});
	await device.feed.open();
	expect(told).toBe(600);
	device.feed.close();
});

test('what the database itself has deleted is told as gone', async () => {
	const device = aDevice();
	await device.database.put({ _id: 'odd:1' });
	await device.feed.open();
	const told = new Promise<FeedBatch>((resolve) => device.feed.listen(resolve));
	const { _rev } = await device.database.get('odd:1');
	await device.database.remove('odd:1', _rev);
	expect((await told).documents).toMatchObject([{ id: 'odd:1', deleted: true }]);
	device.feed.close();
});
