import { expect, test } from 'vitest';
import { aDevice, type TestDevice } from '#tests/support/devices.ts';
import { anExpense } from '#tests/support/an-expense.ts';
import { createClock } from './domain/stamp.ts';
import type { Screen } from './device-link.ts';
import { NewsSender } from './news-sender.ts';
import { PouchLedgerRepository } from './storage/pouch-ledger-repository.ts';

/** A device whose sender tells of new entries early; `told` lists the ids that the screen was told, in order. */
function tellEarly({ database, feed, id }: TestDevice) {
	const told: string[] = [];
	const screen = {
		take: (_name, { entries }) => void told.push(...entries.map(({ _id }) => _id))
	} satisfies Pick<Screen, 'take'> as Partial<Screen> as Screen;
	const sender = new NewsSender(screen, 'ledger');
	const early: string[] = [];
	const repository = new PouchLedgerRepository(
		database,
		createClock(id, Date.now),
		undefined,
		(created) => {
			sender.sendEarly(created);
			early.push(...told);
		}
	);
	feed.listen(({ documents }) => sender.send(documents));
	return { told, early, repository };
}

test('a new entry is told before the database tells it, and once', async () => {
	const device = aDevice();
	await device.feed.open();
	const { told, early, repository } = tellEarly(device);
	const first = await repository.createTransaction(anExpense());
	const second = await repository.createTransaction(anExpense());
	const ids = [first, second].map((saved) => (saved.ok ? saved.id : ''));
	expect(early).toContain(ids[0]);
	await expect.poll(() => device.feed.sequence).toBeGreaterThanOrEqual(2);
	expect(told).toEqual(ids);
});

test('an entry that is edited right after it was made is told as it is then', async () => {
	const device = aDevice();
	await device.feed.open();
	const { told, repository } = tellEarly(device);
	const saved = await repository.createTransaction(anExpense());
	if (!saved.ok) throw new Error(saved.problem);
	await repository.change(saved.id, { note: 'Two loaves' });
	await expect.poll(() => told.length).toBe(2);
});
