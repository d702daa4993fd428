/**
 * What Lighthouse says of the pages that people meet first, with its own mobile settings: a slow phone on a
 * slow network. Lighthouse is fetched by npm for the run; it is too large to be installed with everything.
 *
 *     node tests/bench/lighthouse.ts            # three runs a page, their median
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CHROMIUM } from '#tests/support/chromium.ts';
import { spawnService } from '#tests/support/run-service.ts';
import { quantile } from '#tests/bench/quantile.ts';

const LIGHTHOUSE = 'lighthouse@13.5.0';
const PAGES = ['/', '/add'];
const RUNS = 3;
const TARGETS: Record<string, number> = {
	performance: 99,
	accessibility: 100,
	'best-practices': 100
};

/** What is needed of Lighthouse's result. */
interface Result {
	categories: Record<string, { score: number | null }>;
	audits: Record<string, { displayValue?: string }>;
}

const METRICS = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time'];

async function look(url: string): Promise<Result> {
	const { stdout } = await promisify(execFile)(
		'npm',
		[
			...['exec', '--yes', `--package=${LIGHTHOUSE}`, '--', 'lighthouse', url],
			...['--quiet', '--output=json', `--only-categories=${Object.keys(TARGETS).join(',')}`],
			`--chrome-flags=--headless ${CHROMIUM.args.join(' ')}`
		],
		{
			env: { ...process.env, CHROME_PATH: CHROMIUM.executablePath },
			maxBuffer: 64 * 1024 * 1024
		}
	);
	return JSON.parse(stdout) as Result;
}

const service = await spawnService();
try {
	for (const path of PAGES) {
		const results: Result[] = [];
		for (let run = 0; run < RUNS; run++) results.push(await look(service.url + path));
		console.log(path);
		for (const [category, target] of Object.entries(TARGETS)) {
			const scores = results.map(({ categories }) => 100 * (categories[category]?.score ?? 0));
			const score = Math.round(quantile(scores, 0.5));
			const verdict = score >= target ? 'met' : 'MISSED';
			console.log(`  ${category.padEnd(16)} ${score} (target ${target}): ${verdict}`);
		}
		const last = results.at(-1);
		for (const metric of METRICS) {
			console.log(`  ${metric.padEnd(26)} ${last?.audits[metric]?.displayValue ?? '?'}`);
		}
	}
} finally {
	await service.clean();
}
