import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The project's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Node's first version that runs TypeScript as it is. */
const NODE_NEEDED = [22, 18];

const BIN = join(root, 'node_modules', '.bin');
const INSTALL_STAMP = join(root, 'node_modules', '.outlay-install');
const BUILD_STAMP = join(root, 'build', '.outlay-build');
const BUILD_INPUTS = [
	'package-lock.json',
	'svelte.config.js',
	'vite.config.ts',
	'manifest.webmanifest',
	'deploy/messages',
	'src',
	'static'
];

/** A step that failed, in words for whoever typed the command: no stack is needed. */
export class PrepareError extends Error {}

/**
 * Brings the folder to where it can be started: dependencies installed, Node found, pages built.
 * What is up to date is left alone.
 *
 * @param {{ build?: boolean }} [options] `build: false` leaves the pages to somebody else.
 * @returns {Promise<{ node: string, env: NodeJS.ProcessEnv }>} the Node to run with, and an environment
 * whose PATH finds it first.
 * @throws {PrepareError}
 */
export async function prepare({ build = true } = {}) {
	await install();
	const env = toEnvironment();
	const node = findNode();
	if (build) await buildPages(env);
	return { node, env };
}

/** Runs `main` and turns a failed preparation into its words and exit code 1. */
export async function runMain(/** @type {() => Promise<void>} */ main) {
	try {
		await main();
	} catch (error) {
		if (!(error instanceof PrepareError)) throw error;
		process.stderr.write(`${error.message}\n`);
		process.exitCode = 1;
	}
}

async function install() {
	const wanted = hashOf(['package-lock.json']);
	if (readStamp(INSTALL_STAMP) === wanted) return;
	process.stdout.write('Installing…\n');
	// Away first: interrupted half-way, it must be done again.
	rmSync(INSTALL_STAMP, { force: true });
	// Not with the Node that is inside the folder npm is about to remove.
	const env = { ...process.env, PATH: withoutBin(process.env.PATH ?? '') };
	await runQuietly('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], env);
	writeStamp(INSTALL_STAMP, wanted);
}

async function buildPages(/** @type {NodeJS.ProcessEnv} */ env) {
	const wanted = hashOf(BUILD_INPUTS);
	if (readStamp(BUILD_STAMP) === wanted) return;
	process.stdout.write('Building…\n');
	rmSync(BUILD_STAMP, { force: true });
	await runQuietly('npm', ['run', 'build'], env);
	// What changed while it was built is not in it: the stamp is of what was there at first.
	writeStamp(BUILD_STAMP, wanted);
}

function findNode() {
	const ours = join(BIN, 'node');
	if (runsTypeScript(ours)) return ours;
	if (isEnough(process.versions.node)) return process.execPath;
	throw new PrepareError(
		`Outlay needs Node ${NODE_NEEDED.join('.')} or newer, and this is ${process.versions.node}. ` +
			'Please install a newer one from https://nodejs.org.'
	);
}

function runsTypeScript(/** @type {string} */ node) {
	if (!existsSync(node)) return false;
	try {
		const version = execFileSync(node, ['-p', 'process.versions.node'], {
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore']
		});
		return isEnough(version.trim());
	} catch {
		// There, but for another kind of machine.
		return false;
	}
}

function isEnough(/** @type {string} */ version) {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	const [neededMajor, neededMinor] = NODE_NEEDED;
	return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}

function toEnvironment() {
	const path = withoutBin(process.env.PATH ?? '');
	return { ...process.env, PATH: path ? `${BIN}${delimiter}${path}` : BIN };
}

function withoutBin(/** @type {string} */ path) {
	return path
		.split(delimiter)
		.filter((entry) => entry !== BIN)
		.join(delimiter);
}

/** One hash over the files, and over all files below the folders, names included. */
function hashOf(/** @type {string[]} */ paths) {
	const hash = createHash('sha256');
	for (const path of paths) {
		for (const file of listFiles(path)) {
			hash
				.update(`${file}\0`)
				.update(readFileSync(join(root, file)))
				.update('\0');
		}
	}
	return hash.digest('hex');
}

/** @returns {string[]} */
function listFiles(/** @type {string} */ path) {
	const full = join(root, path);
	if (!existsSync(full)) return [];
	try {
		return readdirSync(full)
			.sort()
			.flatMap((name) => listFiles(`${path}/${name}`));
	} catch (error) {
		if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOTDIR') return [path];
		throw error;
	}
}

function readStamp(/** @type {string} */ path) {
	return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

function writeStamp(/** @type {string} */ path, /** @type {string} */ hash) {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, `${hash}\n`);
}

/**
 * Runs a command and shows what it said only when it fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<void>}
 */
function runQuietly(command, args, env) {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, {
			cwd: root,
			env,
			stdio: ['ignore', 'pipe', 'pipe'],
			// npm is a script there.
			shell: process.platform === 'win32'
		});
		const pass = () => {
			child.kill('SIGTERM');
			process.exit(143);
		};
		process.once('SIGTERM', pass);
		/** @type {Buffer[]} */
		const output = [];
		child.stdout.on('data', (piece) => output.push(piece));
		child.stderr.on('data', (piece) => output.push(piece));
		child.on('error', (error) => reject(new PrepareError(`${command}: ${error.message}`)));
		child.on('close', (code, signal) => {
			process.off('SIGTERM', pass);
			if (code === 0) return resolve();
			const said = Buffer.concat(output).toString().trim();
			reject(
				new PrepareError(
					`${said}\n\n\`${[command, ...args].join(' ')}\` failed (${code ?? signal}).`
				)
			);
		});
	});
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
	await runMain(async () => {
		await prepare();
	});
}
