import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';

/** What people do on the pages, by the names that they see. */

export const PASSWORD = 'correct horse battery';

export interface Entry {
	amount: string;
	category?: string;
	payee?: string;
	note?: string;
	/** `YYYY-MM-DD`; the page's own is today. */
	date?: string;
}

/** Adds an expense on `/add` and waits until it is saved. */
export async function addExpense(page: Page, entry: Entry): Promise<void> {
	await page.goto('/add');
	await fillEntry(page, entry);
	await save(page);
}

/**
 * Saves the form that is open, and waits until the page says that it is on disk and has left the form: its way
 * back would cut off whatever is opened next.
 */
export async function save(page: Page): Promise<void> {
	const form = new URL(page.url()).pathname;
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await page.getByText('Saved on this device').first().waitFor();
	await page.waitForURL(({ pathname }) => pathname !== form);
}

/** Types into whatever form of an entry is open; what is not given stays as it is. */
export async function fillEntry(page: Page, entry: Partial<Entry>): Promise<void> {
	if (entry.amount !== undefined)
		await page.getByLabel('Amount', { exact: true }).fill(entry.amount);
	if (entry.category !== undefined) {
		await page.getByLabel('Category', { exact: true }).selectOption({ label: entry.category });
	}
	if (entry.payee !== undefined) await page.getByLabel('Payee').fill(entry.payee);
	if (entry.note !== undefined) await page.getByLabel('Note').fill(entry.note);
	if (entry.date !== undefined) await page.getByLabel('Date').fill(entry.date);
}

/** An address that nobody has. */
export function anEmail(): string {
	return `${randomUUID()}@example.org`;
}

/** Makes a profile. */
export async function signUp(page: Page, email: string, password = PASSWORD): Promise<void> {
	await page.goto('/sign-up');
	await submitCredentials(page, 'Sign up', email, password);
	await page.getByText('Your profile is ready').waitFor();
	await page.getByRole('button', { name: 'I have saved them' }).click();
	await page.waitForURL((url) => url.pathname !== '/sign-up');
}

/** Signs in; whether a question follows depends on the device. */
export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
	await page.goto('/sign-in');
	await submitCredentials(page, 'Sign in', email, password);
	await page.waitForURL((url) => url.pathname !== '/sign-in');
}

/** Signs two devices in to one new profile, and waits until both are in step. */
export async function pair(first: Page, second: Page): Promise<string> {
	const email = anEmail();
	await signUp(first, email);
	await untilInStep(first);
	await signIn(second, email);
	await untilInStep(second);
	return email;
}

/** Answers a dialog and waits until what was chosen has been done. */
export async function answer(page: Page, button: string): Promise<void> {
	await page.getByRole('button', { name: button, exact: true }).click();
	await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

/** Signs out, from the settings. */
export async function signOut(page: Page, localCopy: 'keep' | 'remove'): Promise<void> {
	await page.goto('/settings');
	await page.getByRole('button', { name: 'Sign out', exact: true }).click();
	await answer(
		page,
		localCopy === 'keep' ? 'Sign out, keep the copy' : 'Sign out and remove the copy'
	);
}

async function submitCredentials(
	page: Page,
	button: string,
	email: string,
	password: string
): Promise<void> {
	await page.getByLabel('Email').fill(email);
	await page.getByLabel('Password', { exact: true }).fill(password);
	await page.getByRole('button', { name: button, exact: true }).click();
}

/** Waits until the page says that everything is in the cloud. */
export async function untilInStep(page: Page): Promise<void> {
	await page.getByLabel('Sync: Everything is in the cloud').first().waitFor({ state: 'attached' });
}

/** The row of an entry in a list, by any of its words. */
export function rowOf(page: Page, words: string) {
	return page.getByRole('link').filter({ hasText: words }).first();
}

/** Waits until the service worker has the whole shell and serves this page. */
export async function untilInstalled(page: Page): Promise<void> {
	await page.evaluate(async () => {
		const registration = await navigator.serviceWorker.ready;
		if (registration.active?.state !== 'activated') {
			await new Promise<void>((resolve) =>
				registration.active?.addEventListener('statechange', () => resolve())
			);
		}
	});
}

/** Waits until a field, by its name, holds a text. */
export async function untilValue(page: Page, name: string, value: string): Promise<void> {
	await page.waitForFunction(
		([field, text]) =>
			document.querySelector<HTMLInputElement>(`input[name="${field}"]`)?.value === text,
		[name, value]
	);
}
