import { expect, test } from 'vitest';
import { newTransaction } from '#lib/domain/draft.ts';
import { anExpense } from '#tests/support/an-expense.ts';
import { aDevice, memoryDatabase, type TestDevice } from '#tests/support/devices.ts';

const DAY_MS = 86_400_000;

/** Two devices that have one entry, in the trash of both. */
async function trashed(): Promise<{
	a: TestDevice;
	b: TestDevice;
	id: string;
	quiet(): Promise<void>;
}> {
	const server = memoryDatabase();
	const [a, b] = [aDevice(), aDevice()];
	const saved = await a.repository.createTransaction(anExpense());
	if (!saved.ok) throw new Error(saved.problem);
	await a.repository.trash([saved.id]);
	const quiet = async (): Promise<void> => {
		for (const device of [a, b, a, b, a]) {
			await device.syncWith(server);
			await device.settle();
		}
	};
	await quiet();
	return { a, b, id: saved.id, quiet };
}

test('emptied, nothing but a stub is left, on every device', async () => {
	const { a, b, id, quiet } = await trashed();
	expect((await a.repository.purge([id])).written).toEqual([id]);
	await quiet();
	for (const device of [a, b]) {
		const { _rev, ...stub } = await device.read(id);
		expect(Object.keys(stub).sort()).toEqual(['_id', 'purged', 'stamps', 'type']);
	}
	expect(await b.repository.restore([id])).toMatchObject({ failed: [{ id, problem: 'purged' }] });
});

test('what is not in the trash is not deleted for good', async () => {
	const { a, id } = await trashed();
	await a.repository.restore([id]);
	await a.repository.purge([id]);
	expect((await a.read(id)).deletedAt).toBeNull();
});

test('two devices that empty an overdue trash write the same revision', async () => {
	const { a, b, id } = await trashed();
	const later = (ms: number): TestDevice['repository'] =>
		a.repositoryAt(() => new Date(Date.now() + 40 * DAY_MS + ms));
	await later(0).purge([id]);
	await b.repositoryAt(() => new Date(Date.now() + 41 * DAY_MS)).purge([id]);
	expect((await a.read(id))._rev).toBe((await b.read(id))._rev);
});

test('an edit that comes too late, and the same import again, do not revive it', async () => {
	const { a, b, id, quiet } = await trashed();
	await b.repository.change(id, { note: 'late' });
	await a.repository.purge([id]);
	await quiet();
	expect(await a.read(id)).toMatchObject({ purged: expect.any(String) as string });
	expect((await b.read(id)).history?.map(({ value }) => value)).toEqual([{ note: 'late' }]);
	const { stamp } = await b.repository.beginOperation();
	const again = await b.repository.addAll([newTransaction(id, anExpense(), stamp)]);
	expect(again.present).toEqual([id]);
});

test('who takes an entry out of the trash, not knowing that it was emptied elsewhere, keeps it', async () => {
	const { a, b, id, quiet } = await trashed();
	await b.repository.restore([id]);
	await a.repository.purge([id]);
	await quiet();
	for (const device of [a, b]) {
		expect(await device.read(id)).toMatchObject({ ...anExpense(), deletedAt: null });
	}
	expect(await a.read(id)).toEqual(await b.read(id));
});
