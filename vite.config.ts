import { sveltekit } from '@sveltejs/kit/vite';
import { playwright } from '@vitest/browser-playwright';
import { existsSync, realpathSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { minify, type Plugin, type Rolldown } from 'vite';
import { defineConfig } from 'vitest/config';
import { ONE_MESSAGE } from './deploy/messages/inline-messages.ts';
import { messages, messagesInPlace } from './deploy/messages/plugin.ts';
import { CHROMIUM } from './tests/support/chromium.ts';

/**
 * Where `npm run dev` runs the sync service. The Host header stays what the browser sent: the service
 * compares the Origin with it.
 */
const service = { target: 'http://127.0.0.1:8091', changeOrigin: false };

/**
 * The ledger is read into memory and never asked by views: without them, PouchDB is a tenth smaller. A PouchDB
 * that is put together in another way stops the build.
 */
const pouchWithoutViews = (): Plugin => ({
	name: 'pouch-without-views',
	apply: 'build',
	enforce: 'pre',
	transform(code, id) {
		if (!id.endsWith('pouchdb/lib/index-browser.es.js')) return undefined;
		const without = code
			.replace(/\s+\.plugin\(mapreduce\)/, '')
			.replace('= createAbstractMapReduce(', '= /* @__PURE__ */ createAbstractMapReduce(');
		if (/\.plugin\(mapreduce\)|= createAbstractMapReduce\(/.test(without) || without === code) {
			this.error('PouchDB has changed: see how its views can be left out now.');
		}
		return { code: without, map: null };
	}
});

/** The page that makes passwords needs no more than the head of a list of common ones: the whole is 200 KB. */
const oftenGuessed = (): Plugin => ({
	name: 'often-guessed',
	resolveId: (id) => (id === 'virtual:often-guessed' ? `\0${id}` : undefined),
	async load(id) {
		if (id !== '\0virtual:often-guessed') return undefined;
		const { dictionary, adjacencyGraphs } = await import('@zxcvbn-ts/language-common');
		const passwords = dictionary['passwords-common'].slice(0, 10_000).join('\n');
		return `export const passwords = ${JSON.stringify(passwords)};
			export const graphs = ${JSON.stringify(adjacencyGraphs)};`;
	}
});

/** What lies in `static` is served as it is: the one script there, which every page loads first, without its comments. */
const smallEarlyKeys = (): Plugin => ({
	name: 'small-early-keys',
	apply: 'build',
	async writeBundle({ dir = '' }) {
		const path = join(dir, 'early-keys.js');
		if (!existsSync(path)) return;
		const { code, errors } = await minify(path, await readFile(path, 'utf8'));
		if (errors.length > 0) this.error(`${path} cannot be made smaller: ${errors[0]?.message}`);
		await writeFile(path, code);
	}
});

/** Where every page starts: Kit, its list of pages, and the layout. */
const STARTS = [
	'node_modules/@sveltejs/kit/src/runtime/client/entry.js',
	'.svelte-kit/generated/client-optimized/app.js',
	'.svelte-kit/generated/client-optimized/nodes/0.js'
].map((path) => join(import.meta.dirname, path));

let shell: Set<string> | undefined;

/** What every page stands in. In the shell, for Kit leaves the styles of what pages only share out of their HTML. */
const FRAME = join(import.meta.dirname, 'src/lib/components/shell/Page.svelte');
/** A few pages have a sentence with a link: by itself, it would be a request of its own. */
const LINKED = join(import.meta.dirname, 'src/lib/components/ui/LinkedText.svelte');

/** Whether every page loads a module anyway. */
function isInShell(id: string, modules: Pick<Rolldown.PluginContext, 'getModuleInfo'>): boolean {
	shell ??= readShell(modules);
	return shell !== undefined && (shell.has(id) || isSharedMessage(id, modules));
}

/** A sentence is smaller than the request it would be. */
function isSharedMessage(
	id: string,
	modules: Pick<Rolldown.PluginContext, 'getModuleInfo'>
): boolean {
	return (
		id.startsWith(`\0${ONE_MESSAGE}`) && (modules.getModuleInfo(id)?.importers.length ?? 0) > 1
	);
}

/** @returns `undefined` in the build that prerenders: nobody loads that. */
function readShell(
	modules: Pick<Rolldown.PluginContext, 'getModuleInfo'>
): Set<string> | undefined {
	const found = new Set<string>();
	// In a fresh clone Kit has not written them yet when it builds what prerenders.
	const starts = STARTS.map((path) =>
		existsSync(path) ? modules.getModuleInfo(realpathSync(path)) : null
	);
	if (starts.includes(null)) return undefined;
	// The starts themselves stay apart: Kit preloads what a page imports by the chunk of its own.
	const queue = [...starts.flatMap((start) => start?.importedIds ?? []), FRAME, LINKED];
	for (const id of queue) {
		if (found.has(id)) continue;
		found.add(id);
		queue.push(...(modules.getModuleInfo(id)?.importedIds ?? []));
	}
	return found;
}

/**
 * Tests that need no browser run first and together. They wait more than they work: for back-offs, for
 * heartbeats, for a store that says "later". A browser that shared two cores with them would be slow.
 */
const MANY_AT_ONCE = { sequence: { groupOrder: 0 }, maxWorkers: 4, retry: 1 };

/** A busy machine is slow, not wrong. */
const PATIENT = { poll: { timeout: 15_000 } };

export default defineConfig({
	plugins: [messages(), messagesInPlace(), sveltekit(), oftenGuessed(), smallEarlyKeys()],
	build: {
		rollupOptions: {
			output: {
				// Dozens of small chunks cost more in headers and lost compression than they save.
				codeSplitting: {
					groups: [
						{
							name: (id, modules) => (isInShell(id, modules) ? 'shell' : null),
							debugName: 'shell',
							priority: 1
						},
						{
							name: 'shared',
							minShareCount: 7,
							test: /svelte|components|state|domain|contract/
						}
					]
				}
			}
		}
	},
	// The device's worker is a module, and shares no chunk with the pages.
	worker: { format: 'es', plugins: () => [messages(), messagesInPlace(), pouchWithoutViews()] },
	server: { proxy: { '/api': service, '/sync': service, '/health': service } },
	test: {
		// PouchDB's changes in memory trip over a body that was compacted between two of their reads; the feed
		// goes on. IndexedDB, where the app has its ledgers, reads both in one transaction.
		onUnhandledError: ({ stack = '' }) =>
			!/processChange.*\n.*onGetWinningDoc.*pouchdb-adapter-leveldb-core/.test(stack),
		projects: [
			{
				extends: true,
				test: {
					name: 'unit',
					expect: PATIENT,
					...MANY_AT_ONCE,
					include: ['src/**/*.test.ts', 'tests/{messages,storage,support,sync}/**/*.test.ts'],
					environment: 'node'
				}
			},
			{
				test: {
					// Alone, for it takes both cores for a minute.
					name: 'prove',
					sequence: { groupOrder: 1 },
					include: ['tests/prove/**/*.test.ts'],
					environment: 'node',
					testTimeout: 300_000
				}
			},
			{
				test: {
					name: 'service',
					expect: PATIENT,
					...MANY_AT_ONCE,
					include: ['sync-service/**/*.test.ts', 'tests/service/**/*.test.ts'],
					environment: 'node',
					testTimeout: 30_000,
					hookTimeout: 30_000
				}
			},
			{
				test: {
					// The same tests behind a Cloudant on which everything goes wrong that may.
					name: 'cloudant',
					expect: PATIENT,
					...MANY_AT_ONCE,
					include: [
						'tests/sync/**/*.test.ts',
						'tests/service/{accounts,admin,admin-invites,admin-suspensions,app-passwords,endings,export,gateway,ledger-move,ledger-move-faults,ledger-move-races,longpoll,peers,profile,quota,recheck,recovery,release-unused,replication,sessions,sign-up-faults,sign-up-modes}.test.ts'
					],
					environment: 'node',
					env: { STORE: 'fake-cloudant' },
					testTimeout: 60_000,
					hookTimeout: 60_000
				}
			},
			{
				test: {
					// The same tests on IndexedDB, where the app has its ledgers.
					name: 'browser',
					expect: PATIENT,
					sequence: { groupOrder: 3 },
					include: [
						'tests/storage/{repository,trash,undo,change-feed,add-documents}.test.ts',
						'tests/sync/conflicts.test.ts'
					],
					browser: {
						enabled: true,
						headless: true,
						provider: playwright({ launchOptions: CHROMIUM }),
						instances: [{ browser: 'chromium' }],
						screenshotFailures: false
					},
					testTimeout: 30_000
				}
			},
			{
				test: {
					name: 'e2e',
					expect: PATIENT,
					sequence: { groupOrder: 4 },
					include: ['tests/e2e/**/*.test.ts'],
					environment: 'node',
					testTimeout: 180_000,
					hookTimeout: 120_000,
					maxWorkers: 3,
					retry: 1
				}
			}
		]
	}
});
