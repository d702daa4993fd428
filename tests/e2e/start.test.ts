import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { ONLINE_ONLY } from '#tests/support/app.ts';
import { setStage } from '#tests/support/stage.ts';
import {
	addExpense,
	anEmail,
	fillEntry,
	rowOf,
	save,
	signOut,
	signUp,
	untilInStep
} from '#tests/support/steps.ts';

const stage = setStage('device');

const WORKER = '**/workers/**';
/** Thirteen documents are in every ledger from its beginning. */
const STARTING = 13;

/** A kept snapshot, as far as these tests look into it. */
interface Kept {
	name: string;
	sequence: number;
	documents: { name?: string }[];
}

/** What a test does to the store in which snapshots are kept; `'aside'` is a key that the app does not know. */
type Tampering =
	{ set: Record<string, unknown> } | { drop: 'food' | 'snapshot' } | { move: 'aside' | 'back' };

/** Tampers with the one snapshot that is kept, while no page of ours is open. */
async function tamper(page: Page, tampering: Tampering): Promise<void> {
	await page.goto('/robots.txt');
	await page.evaluate(async (how) => {
		const finished = <T>(request: IDBRequest<T>) =>
			new Promise<T>((resolve, reject) => {
				request.onsuccess = () => resolve(request.result);
				request.onerror = () => reject(request.error);
			});
		const database = await finished(indexedDB.open('outlay-snapshots'));
		const store = database.transaction('snapshots', 'readwrite').objectStore('snapshots');
		const names = (await finished(store.getAllKeys())).filter((key) => key !== 'aside');
		const [name = ''] = names;
		const kept = (await finished(store.get(name))) as Kept;
		if ('set' in how) await finished(store.put({ ...kept, ...how.set }, name));
		else if ('move' in how && how.move === 'aside') await finished(store.put(kept, 'aside'));
		else if ('move' in how) await finished(store.put(await finished(store.get('aside')), name));
		else if (how.drop === 'snapshot') await finished(store.delete(name));
		else {
			const documents = kept.documents.filter((document) => document.name !== 'Food');
			await finished(store.put({ ...kept, documents }, name));
		}
		database.close();
	}, tampering);
}

/** Names and sequences of what is kept; the page must be one of ours. */
function readKept(page: Page): Promise<Pick<Kept, 'name' | 'sequence'>[]> {
	return page.evaluate(async () => {
		const finished = <T>(request: IDBRequest<T>) =>
			new Promise<T>((resolve) => (request.onsuccess = () => resolve(request.result)));
		const database = await finished(indexedDB.open('outlay-snapshots'));
		if (!database.objectStoreNames.contains('snapshots')) return [];
		const store = database.transaction('snapshots').objectStore('snapshots');
		const all = (await finished(store.getAll())) as Kept[];
		database.close();
		return all.map(({ name, sequence }) => ({ name, sequence }));
	});
}

/** Waits until a snapshot holds so many entries, each of which was written once. */
async function untilKept(page: Page, entries: number): Promise<void> {
	await expect
		.poll(() => readKept(page), { timeout: 20_000 })
		.toSatisfy((kept: Kept[]) => kept.some(({ sequence }) => sequence >= STARTING + entries));
}

/** Opens the list, and waits until it says that these entries and no others are there. */
async function untilListed(page: Page, payees: string[]): Promise<void> {
	await page.goto('/transactions');
	const words = payees.length === 1 ? '1 entry' : `${payees.length} entries`;
	await page.getByText(words, { exact: true }).waitFor();
	for (const payee of payees) await rowOf(page, payee).waitFor();
}

test('entries are on screen before the worker has been loaded, and a save waits for it', async () => {
	// A service worker would answer for the network, and nothing could be held back.
	const device = await stage.app.device(ONLINE_ONLY);
	const { page } = device;
	await addExpense(page, { amount: '5', payee: 'Kiosk' });
	await untilKept(page, 1);
	const arrived = Promise.withResolvers<undefined>();
	await page.route(WORKER, async (route) => {
		await arrived.promise;
		await route.continue();
	});
	await untilListed(page, ['Kiosk']);
	await page.getByRole('link', { name: 'Add', exact: true }).first().click();
	await fillEntry(page, { amount: '7', payee: 'Bakery' });
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await page.locator('button[aria-busy="true"]').waitFor();
	arrived.resolve(undefined);
	await page.getByText('Saved on this device').waitFor();
	await untilListed(page, ['Kiosk', 'Bakery']);
	device.expectNoComplaints();
	await device.context.close();
});

test('a worker that cannot be loaded is told of, and nothing is lost', async () => {
	const device = await stage.app.device(ONLINE_ONLY);
	const { page } = device;
	await addExpense(page, { amount: '5', payee: 'Kiosk' });
	await page.route(WORKER, (route) => route.abort());
	await page.goto('/transactions');
	await page.getByRole('alert').filter({ hasText: /\S/ }).first().waitFor();
	await page.unroute(WORKER);
	await untilListed(page, ['Kiosk']);
	await device.context.close();
});

test('a missing, a stale, a damaged and a foreign snapshot lead to the same screen', async () => {
	const { page } = stage.device;
	const payees: string[] = [];
	const add = async (payee: string) => {
		await addExpense(page, { amount: '5', payee });
		payees.push(payee);
		await untilKept(page, payees.length);
	};

	await add('Kiosk');
	await tamper(page, { move: 'aside' });
	await add('Bakery');
	await tamper(page, { move: 'back' });
	await untilListed(page, payees);

	await untilKept(page, payees.length);
	await tamper(page, { drop: 'snapshot' });
	await untilListed(page, payees);

	for (const tampering of [
		// A sequence that this database has never reached.
		{ set: { sequence: 1_000_000 } },
		{ set: { columns: { format: 1 } } },
		{ set: { databaseId: 'another' } },
		// One category fewer than the database holds: the count tells.
		{ drop: 'food' as const }
	]) {
		await add(`Shop ${payees.length}`);
		await tamper(page, tampering);
		await untilListed(page, payees);
		await page.goto('/add');
		await page.getByLabel('Category', { exact: true }).selectOption({ label: 'Food' });
	}
});

test('a copy that is removed from the device takes its snapshot along', async () => {
	const { page } = stage.device;
	await signUp(page, anEmail());
	await addExpense(page, { amount: '5', payee: 'Kiosk' });
	await untilInStep(page);
	await untilKept(page, 1);
	const [removed] = await readKept(page);
	await signOut(page, 'remove');
	await page.goto('/transactions');
	await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
	expect((await readKept(page)).map(({ name }) => name)).not.toContain(removed?.name);
});

test('two tabs follow each other, entry by entry', async () => {
	const { page } = stage.device;
	const second = await stage.device.newTab();
	await second.goto('/transactions');
	await page.bringToFront();
	await addExpense(page, { amount: '5', payee: 'Kiosk' });
	await rowOf(second, 'Kiosk').waitFor();
	await second.bringToFront();
	await rowOf(second, 'Kiosk').click();
	await fillEntry(second, { payee: 'Bakery' });
	await save(second);
	await page.bringToFront();
	await page.goto('/transactions');
	await rowOf(page, 'Bakery').click();
	await page.getByRole('button', { name: 'Delete' }).click();
	await second.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
});
