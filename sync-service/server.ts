import { once } from 'node:events';
import type { Server } from 'node:http';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { DEFAULT_LIMITS } from '#service/accounts/limits.ts';
import { buildApp } from '#service/app.ts';
import { type Config, readConfig } from '#service/config.ts';
import { CredentialMissing } from '#service/couch/cloudant-credentials.ts';
import { StoreBusy } from '#service/couch/embedded/store-lock.ts';
import { toErrorLines } from '#service/log/describe-error.ts';
import { readPeerSecret } from '#service/peers-config.ts';
import { createPeers } from '#service/peers/peers.ts';
import { createMetrics, serveMetrics } from '#service/plugins/metrics.ts';
import { type OpenPlacements, openPlacements } from '#service/open-placements.ts';
import { PlacementsRefused } from '#service/placements-config.ts';

/** Starts the service from the environment and runs it until it is told to stop. */
async function main(): Promise<void> {
	const verdict = readConfig(process.env);
	if (!verdict.ok) return giveUp(...verdict.sentences);
	const { config } = verdict;

	let app: FastifyInstance | undefined;
	let stores: OpenPlacements | undefined;
	let metricsServer: Server | undefined;
	const metrics = config.metrics && createMetrics();
	try {
		const peers =
			config.peers &&
			createPeers({
				...config.peers,
				secret: await readPeerSecret(config.peers.secret),
				report: (refused) => app?.log.warn({ err: refused }, 'a peer is not told what happens here')
			});
		stores = await openPlacements(config, (failure) =>
			app?.log.error({ err: failure }, 'the store failed')
		);
		app = await buildApp({
			client: stores.placements.home.client,
			provisioner: stores.placements.home.provisioner,
			placements: stores.placements,
			releaseUnusedDays: config.releaseUnusedDays,
			publicUrl: config.publicUrl,
			trustProxy: config.trustProxy,
			logLevel: config.logLevel,
			securityContact: config.securityContact,
			pagesFolder: join(import.meta.dirname, '..', 'build'),
			signUpMode: config.signUpMode,
			quota: config.quota,
			metrics,
			peers,
			limits: { signUps: { ...DEFAULT_LIMITS.signUps, most: config.signUpsPerHour } }
		});
		if (metrics !== undefined) {
			metricsServer = serveMetrics(metrics).listen(config.metrics);
			await once(metricsServer, 'listening');
		}
		await app.listen({ port: config.port, host: config.host });
	} catch (error) {
		await app?.close();
		metricsServer?.close();
		await stores?.stop();
		return giveUp(toSentence(error, config));
	}
	process.stdout.write(`Outlay is at ${toAddress(app, config)}\n`);
	endOnFault(app);
	stopOnSignal(app, stores, metricsServer);
}

/** What went wrong, for a person. What is not foreseen keeps its stack: it is a fault of ours. */
function toSentence(error: unknown, config: Config): string {
	const { dataDir } = config;
	const { code, syscall } = error as NodeJS.ErrnoException;
	const { name, port, host } = findListener(error, config);
	switch (code) {
		case 'EADDRINUSE':
			if (name !== '') return `Port ${port} is in use already. Choose another ${name}PORT.`;
			return `Port ${port} is in use already. Stop what uses it, or choose another, such as PORT=${port + 1}.`;
		case 'EADDRNOTAVAIL':
		case 'ENOTFOUND':
			return `${name}HOST ${host} is no address of this machine. Use one that is, such as ${name}HOST=127.0.0.1.`;
		case 'EACCES':
		case 'EPERM':
			if (syscall === 'listen') {
				return `Port ${port} is not allowed for this user. Choose one above 1023, such as ${name}PORT=8090.`;
			}
			return `DATA_DIR ${dataDir} cannot be written to. Change its owner, or choose another folder, such as DATA_DIR=./data.`;
		case 'EROFS':
		case 'ENOENT':
			return `DATA_DIR ${dataDir} cannot be made. Choose a folder that can be, such as DATA_DIR=./data.`;
		case 'ENOTDIR':
		case 'EEXIST':
			return `DATA_DIR ${dataDir} is not a folder. Choose one, such as DATA_DIR=./data.`;
		case 'ENOSPC':
			return `The disk of DATA_DIR ${dataDir} is full.`;
	}
	if (error instanceof StoreBusy || error instanceof CredentialMissing) return error.message;
	if (error instanceof PlacementsRefused) return error.message;
	return toErrorLines(error);
}

/** Which of the addresses that are listened on an error is about; its variables begin with `name`. */
function findListener(error: unknown, { port, host, metrics, peers }: Config) {
	const failed = error as { port?: number; address?: string; hostname?: string };
	const address = failed.address ?? failed.hostname;
	const listeners = [
		{ name: '', port, host },
		{ name: 'METRICS_', ...metrics },
		{ name: 'PEER_', port: peers?.port, host: peers?.host }
	];
	const isIt = (one: { port?: number | undefined; host?: string | undefined }) =>
		one.port !== undefined &&
		(failed.port === undefined || one.port === failed.port) &&
		(one.host === undefined || address === undefined || one.host === address);
	return { name: '', port, host, ...listeners.find(isIt) };
}

function toAddress(app: FastifyInstance, { host }: Config): string {
	const [address] = app.addresses();
	const port = typeof address === 'object' ? address.port : 0;
	// An address to listen on everywhere is none to open.
	const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
	return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** What nobody caught ends the process, as it would anyway, but is told like all else: Node prints all an error carries. */
function endOnFault(app: FastifyInstance): void {
	process.on('uncaughtException', (error) => {
		app.log.fatal({ err: error }, 'a fault that nobody caught: the service ends');
		process.exit(1);
	});
}

function stopOnSignal(app: FastifyInstance, stores: OpenPlacements, metricsServer?: Server): void {
	let stopping = false;
	const stop = async () => {
		// A second signal, as a terminal and npm both send one, changes nothing.
		if (stopping) return;
		stopping = true;
		await app.close();
		await stores.stop();
		metricsServer?.close();
		metricsServer?.closeAllConnections();
	};
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
}

function giveUp(...sentences: string[]): void {
	process.stderr.write(`${sentences.join('\n')}\n`);
	process.exitCode = 1;
}

await main();
