import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { get, type IncomingHttpHeaders } from 'node:http';
import { extname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningService, runService } from '#tests/support/run-service.ts';

/** The pages as `npm run build` made them: these tests are skipped where nobody has built any. */
const BUILD = join(import.meta.dirname, '..', '..', 'build');
const isBuilt = existsSync(join(BUILD, 'index.html'));
const files = isBuilt
	? readdirSync(BUILD, { recursive: true, encoding: 'utf8' }).filter((name) => extname(name) !== '')
	: [];
const pages = files.filter((name) => name.endsWith('.html'));
const plain = files.filter((name) => !/\.(br|gz)$/.test(name) && !/(^|\/)\./.test(name));

const TYPES: Record<string, RegExp> = {
	'.html': /^text\/html; charset=utf-8$/i,
	'.js': /^(text|application)\/javascript; charset=utf-8$/i,
	'.css': /^text\/css; charset=utf-8$/i,
	'.json': /^application\/json/,
	'.webmanifest': /^application\/manifest\+json/,
	'.svg': /^image\/svg\+xml/,
	'.png': /^image\/png$/,
	'.woff2': /^font\/woff2$/,
	'.txt': /^text\/plain/
};

describe.skipIf(!isBuilt)('the built pages', () => {
	let service: RunningService;
	beforeAll(async () => {
		service = await runService({ parts: { pagesFolder: BUILD } });
	});
	afterAll(() => service?.stop());

	test.each(pages)(
		'%s runs only scripts from here, and the one of its own that it names',
		(name) => {
			const html = readFileSync(join(BUILD, name), 'utf8');
			const [, policy = ''] =
				/<meta http-equiv="content-security-policy" content="([^"]*)">/.exec(html) ?? [];
			const directives = new Map(
				policy.split('; ').map((one) => [one.split(' ')[0], one.split(' ').slice(1)])
			);
			const scripts = [...html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)];
			const own = scripts.filter(([, attributes = '']) => !/\bsrc=/.test(attributes));
			const hashes = own.map(
				([, , text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
			);
			expect(own).toHaveLength(1);
			expect(directives.get('script-src')).toEqual(["'self'", ...hashes]);
			expect(directives.get('default-src')).toEqual(["'self'"]);
			expect(directives.get('object-src')).toEqual(["'none'"]);
			expect(directives.get('base-uri')).toEqual(["'none'"]);
			expect(policy).not.toMatch(/unsafe-(inline|eval)|\*|https?:/);
			// What stands before the policy is not ruled by it.
			const before = html.slice(0, html.indexOf('<meta http-equiv="content-security-policy"'));
			for (const [, source = ''] of before.matchAll(/<script[^>]*\bsrc="([^"]*)"/g)) {
				expect(source).toMatch(/^[./a-z-]+\.js$/);
			}
			expect(before).not.toMatch(/<script>/);
			expect(html).not.toMatch(/\son[a-z]+\s*=\s*["']|javascript:/i);
		}
	);

	test('every file has its type, is kept as long as it may be, and unpacks to itself', async () => {
		for (const name of plain) {
			const content = readFileSync(join(BUILD, name));
			const isForever = name.startsWith('_app/immutable/');
			for (const encoding of ['identity', 'gzip', 'br']) {
				const url = `${service.url}/${name}`;
				const { headers, body } = await getPacked(url, encoding);
				expect([name, headers['content-type']]).toEqual([
					name,
					expect.stringMatching(TYPES[extname(name)] ?? /^$/)
				]);
				expect(headers['cache-control']).toBe(
					isForever ? 'public, max-age=31536000, immutable' : 'no-cache'
				);
				expect(headers['x-content-type-options']).toBe('nosniff');
				expect(headers.etag).toMatch(/^(W\/)?"/);
				const packed = headers['content-encoding'];
				if (encoding !== 'identity' && /\.(html|js|css|json|svg|txt)$/.test(name)) {
					expect([name, packed]).toEqual([name, encoding]);
				}
				const unpacked =
					packed === 'br'
						? brotliDecompressSync(body)
						: packed === 'gzip'
							? gunzipSync(body)
							: body;
				expect(content.compare(Uint8Array.from(unpacked))).toBe(0);
			}
		}
		expect(plain.length).toBeGreaterThan(10);
	});
});

function getPacked(
	url: string,
	encoding: string
): Promise<{ headers: IncomingHttpHeaders; body: Uint8Array }> {
	return new Promise((resolve, reject) => {
		get(url, { headers: { 'accept-encoding': encoding } }, (response) => {
			const pieces: Uint8Array[] = [];
			response.on('data', (piece: Uint8Array) => pieces.push(piece));
			response.on('error', reject);
			response.on('end', () => {
				const body = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
				pieces.reduce((at, piece) => (body.set(piece, at), at + piece.length), 0);
				resolve({ headers: response.headers, body });
			});
		}).on('error', reject);
	});
}
