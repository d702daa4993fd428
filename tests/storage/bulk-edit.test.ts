import { expect, test } from 'vitest';
import { LISTED_IDS } from '#lib/domain/operation.ts';
import { anExpense } from '#tests/support/an-expense.ts';
import { aDevice, type TestDevice } from '#tests/support/devices.ts';

async function save(device: TestDevice, facts: Parameters<typeof anExpense>[0]): Promise<string> {
	const saved = await device.repository.createTransaction(anExpense(facts));
	if (!saved.ok) throw new Error(saved.problem);
	return saved.id;
}

test('a category for many is not set on a transfer or a split entry, and the others get it', async () => {
	const device = aDevice();
	const plain = await save(device, { payee: 'plain' });
	const transfer = await save(device, {
		kind: 'transfer',
		toAccountId: 'account:bank',
		categoryId: null
	});
	const split = await save(device, {});
	await device.repository.change(split, {
		splits: [{ categoryId: 'category:rent', amountMinor: 1250, note: '' }]
	});
	const before = (await device.read(split)) as { categoryId: string | null };
	await device.repository.changeAll(
		[plain, transfer, split],
		{ categoryId: 'category:new', '#trip': true },
		'New'
	);
	expect(await device.read(plain)).toMatchObject({ categoryId: 'category:new', '#trip': true });
	expect(await device.read(transfer)).toMatchObject({ categoryId: null });
	expect(await device.read(transfer)).not.toHaveProperty('#trip');
	expect(await device.read(split)).toMatchObject({ categoryId: before.categoryId });
});

test('an edit in batches is one operation: one undo takes all of it back, on another device too', async () => {
	const device = aDevice();
	const ids = [];
	for (const payee of ['a', 'b', 'c', 'd']) ids.push(await save(device, { payee }));
	const begun = await device.repository.beginAll('edit', ids, 'Food');
	if (!begun.ok) throw new Error(begun.problem);
	for (const batch of [ids.slice(0, 2), ids.slice(2)]) {
		const { written } = await device.repository.changeBatch(begun.operation, batch, {
			payee: 'all'
		});
		expect(written).toEqual(batch);
	}
	await device.repository.undoLast();
	for (const [at, id] of ids.entries()) {
		expect(await device.read(id)).toMatchObject({ payee: ['a', 'b', 'c', 'd'][at] });
	}
	expect(await device.read(begun.operation.id)).toMatchObject({
		kind: 'edit',
		undoneBy: expect.stringMatching(/^operation:/) as string
	});
});

test('an operation that is too large to list its entries is taken back whole', async () => {
	const device = aDevice();
	const ids: string[] = [];
	for (let at = 0; at <= LISTED_IDS; at++) ids.push(await save(device, { payee: `p${at}` }));
	const { operationId } = await device.repository.changeAll(ids, { '#trip': true }, '#trip');
	expect(await device.read(operationId ?? '')).toMatchObject({ ids: null });
	expect(await device.read(ids.at(-1) ?? '')).toMatchObject({ '#trip': true });
	const undone = await device.repository.undoOperation(operationId ?? '');
	expect(undone.written).toHaveLength(ids.length);
	expect((await device.read(ids.at(-1) ?? ''))?.['#trip']).not.toBe(true);
}, 60_000);
