import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PrepareError, root } from './prepare.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const PLACES = [
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium'
];

/**
 * The Chromium that the browser tests drive: `CHROMIUM` if it is set, else one on the machine, else one
 * that is installed now (Debian's package as root, Playwright's build elsewhere).
 *
 * @param {string} node the Node to run Playwright with.
 * @returns {string} its path.
 * @throws {PrepareError} with what to do, when there is none and none can be installed.
 */
export function requireChromium(node) {
	const named = process.env.CHROMIUM;
	if (named) {
		if (existsSync(named)) return named;
		throw new PrepareError(`CHROMIUM names ${named}, and there is nothing.`);
	}
	const found = findChromium();
	if (found) return found;
	process.stdout.write('Installing Chromium for the browser tests…\n');
	const installed = installFromDebian() ?? installFromPlaywright(node);
	if (installed) return installed;
	throw new PrepareError(
		'The browser tests need Chromium and none was found, nor could one be installed. Install it ' +
			'(`apt-get install chromium`, or Google Chrome), or set CHROMIUM to the path of one.'
	);
}

function findChromium() {
	for (const name of NAMES) {
		const found = spawnSync('which', [name], { encoding: 'utf8' });
		if (found.status === 0 && found.stdout.trim()) return found.stdout.trim();
	}
	return PLACES.find((place) => existsSync(place));
}

function installFromDebian() {
	if (process.getuid?.() !== 0 || spawnSync('which', ['apt-get']).status !== 0) return undefined;
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
		if (spawnSync('apt-get', args, { env, stdio: 'ignore' }).status !== 0) return undefined;
	}
	return findChromium();
}

function installFromPlaywright(/** @type {string} */ node) {
	const cli = join(root, 'node_modules', 'playwright-core', 'cli.js');
	if (spawnSync(node, [cli, 'install', 'chromium'], { stdio: 'ignore' }).status !== 0) {
		return undefined;
	}
	const path = execFileSync(
		node,
		['-e', 'import("playwright-core").then((p) => console.log(p.chromium.executablePath()))'],
		{ cwd: root, encoding: 'utf8' }
	).trim();
	return existsSync(path) ? path : undefined;
}
