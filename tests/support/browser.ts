import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { CHROMIUM } from './chromium.ts';

/** Real Chromium, headless. */
export function launchBrowser(): Promise<Browser> {
	return chromium.launch(CHROMIUM);
}

/** A browser whose one profile lies on the disk, as people's do: other contexts keep theirs in memory. */
export function launchProfile(folder: string): Promise<BrowserContext> {
	return chromium.launchPersistentContext(folder, CHROMIUM);
}

/** A page that notes what a person would never see: every stray error or warning on the console fails its test. */
export interface WatchedPage {
	page: Page;
	complaints: string[];
}

/** What the network, or this test bench, does on purpose is no fault of the page. */
const EXPECTED =
	/net::ERR_|Failed to load resource|Service Worker registration blocked by Playwright/;

/** A page of the given profile. */
export async function openPage(profile: BrowserContext): Promise<WatchedPage> {
	const page = await profile.newPage();
	const complaints: string[] = [];
	page.on('console', (message) => {
		if (['error', 'warning'].includes(message.type()) && !EXPECTED.test(message.text())) {
			complaints.push(message.text());
		}
	});
	page.on('pageerror', (error) => complaints.push(String(error)));
	return { page, complaints };
}
