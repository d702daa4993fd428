import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { openAppStore } from './app-store.ts';
import { launchBrowser, openPage } from './browser.ts';
import { spawnService, type ServiceProcess } from './run-service.ts';

/** The whole of Outlay as people meet it: the service on one port, and browser profiles in front of it. */
export interface RunningApp {
	url: string;
	/** Variables by which a command finds the app's store. */
	storeEnv: Record<string, string>;
	/** A browser profile of its own: a device. */
	device(options?: BrowserContextOptions): Promise<TestProfile>;
	/** Those that are not closed. */
	openDevices(): TestProfile[];
	/** What the service has said since it was last started. */
	serviceOutput(): string;
	/** The service ends; what it keeps stays. */
	stopService(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
	/** The service comes back on the same port, over the same data; where it runs, nothing happens. */
	startService(): Promise<void>;
	close(): Promise<void>;
}

export interface TestProfile {
	context: BrowserContext;
	/** Its first page, not opened on anything yet. */
	page: Page;
	/** Opens another tab. */
	newTab(): Promise<Page>;
	/** Fails if anything was complained of on a console. */
	expectNoComplaints(): void;
}

/**
 * What the profiles of a test have that never goes offline: no service worker. To install one is more than a
 * quarter of what a browser test costs.
 */
export const ONLINE_ONLY: BrowserContextOptions = { serviceWorkers: 'block' };

/**
 * Starts everything; whoever calls it closes it.
 *
 * @param profiles what every profile has, unless it is asked for another way.
 */
export async function runApp(
	env: Record<string, string> = {},
	profiles: BrowserContextOptions = {}
): Promise<RunningApp> {
	const dataDir = await mkdtemp(join(tmpdir(), 'outlay-app-'));
	const store = await openAppStore(dataDir);
	const started = await startOnFreePort({ dataDir, env: { ...store.env, ...env } });
	const { options } = started;
	let { service } = started;
	let isServing = true;
	const browser: Browser = await launchBrowser();
	const devices = new Set<TestProfile>();
	return {
		url: service.url,
		storeEnv: { ...service.storeEnv, ...store.env },
		async device(contextOptions) {
			const device = await openProfile(browser, service.url, { ...profiles, ...contextOptions });
			devices.add(device);
			device.context.on('close', () => devices.delete(device));
			return device;
		},
		openDevices: () => [...devices],
		serviceOutput: () => service.output(),
		async stopService(signal = 'SIGTERM') {
			isServing = false;
			if (signal === 'SIGKILL') await service.kill();
			else await service.end();
		},
		async startService() {
			if (isServing) return;
			service = await spawnService(options);
			isServing = true;
		},
		async close() {
			await browser.close();
			await service.clean();
			await store.remove();
			await rm(dataDir, { recursive: true, force: true });
		}
	};
}

async function openProfile(
	browser: Browser,
	baseURL: string,
	options: BrowserContextOptions
): Promise<TestProfile> {
	const context = await browser.newContext({
		baseURL,
		locale: 'en-IE',
		viewport: { width: 390, height: 844 },
		...options
	});
	// A machine that others use too stalls now and then.
	context.setDefaultTimeout(40_000);
	const complaints: string[][] = [];
	const newTab = async (): Promise<Page> => {
		const opened = await openPage(context);
		complaints.push(opened.complaints);
		return opened.page;
	};
	return {
		context,
		page: await newTab(),
		newTab,
		expectNoComplaints: () => expect(complaints.flat()).toEqual([])
	};
}

/** A service on a port of its own, which it can be started on again. Whoever else was given the port may be quicker. */
async function startOnFreePort(
	{ dataDir, env }: { dataDir: string; env: Record<string, string> },
	tries = 3
): Promise<{ service: ServiceProcess; options: { dataDir: string; env: Record<string, string> } }> {
	const options = { dataDir, env: { PORT: String(await freePort()), ...env } };
	try {
		return { service: await spawnService(options), options };
	} catch (error) {
		if (tries === 1) throw error;
		return startOnFreePort({ dataDir, env }, tries - 1);
	}
}

/** A port that nobody listens on at the moment. */
async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	const port = typeof address === 'object' && address ? address.port : 0;
	await new Promise((resolve) => server.close(resolve));
	return port;
}
