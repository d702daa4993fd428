import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { build } from 'vite';

/** Modules of ours, bundled for the browser and served on a blank page: real storage code in real Chromium. */
export interface PageBundle {
	/** The blank page, on 127.0.0.1. The module has run when `window.ready` is true. */
	url: string;
	/** Stops serving and removes the bundle. */
	close(): Promise<void>;
}

const PAGE =
	'<!doctype html><title>Bundle</title><link rel="icon" href="data:,">' +
	'<script type="module" src="/entry.js"></script>';
const MEDIA_TYPES: Record<string, string> = {
	'.js': 'text/javascript',
	'.map': 'application/json',
	'.html': 'text/html; charset=utf-8'
};

/**
 * Bundles a module as the app's build would, workers that it starts included, and serves it.
 *
 * @param entry the absolute path of a TypeScript module. What it offers to the test it puts on `window`.
 * @param minify off for readable stacks; on where time is measured.
 */
export async function bundlePage(entry: string, minify = false): Promise<PageBundle> {
	const folder = await mkdtemp(join(tmpdir(), 'outlay-page-'));
	await build({
		configFile: false,
		logLevel: 'warn',
		// The project's own static files have no business here.
		publicDir: false,
		define: { 'process.env.NODE_ENV': '"production"' },
		worker: { format: 'es' },
		build: {
			outDir: folder,
			emptyOutDir: true,
			minify,
			target: 'esnext',
			modulePreload: false,
			rolldownOptions: {
				input: entry,
				preserveEntrySignatures: false,
				output: { entryFileNames: 'entry.js', chunkFileNames: '[name]-[hash].js' }
			}
		}
	});
	const server = createServer((request, response) => {
		const path = new URL(request.url ?? '/', 'http://bundle').pathname;
		if (path === '/') {
			response.setHeader('content-type', 'text/html; charset=utf-8').end(PAGE);
			return;
		}
		readFile(join(folder, path.replaceAll('..', ''))).then(
			(file) => {
				response.setHeader(
					'content-type',
					MEDIA_TYPES[extname(path)] ?? 'application/octet-stream'
				);
				response.end(file);
			},
			() => response.writeHead(404).end()
		);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/`,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
			await rm(folder, { recursive: true, force: true });
		}
	};
}
