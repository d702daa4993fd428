import { resolve } from 'node:path';
import { startEmbeddedStore } from '#service/couch/embedded/start-embedded-store.ts';
import { StoreBusy } from '#service/couch/embedded/store-lock.ts';
import { toErrorLines } from '#service/log/describe-error.ts';

/** The embedded store as a process of its own: `npm run store`. It serves `DATA_DIR` until SIGINT or SIGTERM. */
const dataDir = resolve(process.env.DATA_DIR ?? 'data');
const say = (line: string) => process.stderr.write(`${line}\n`);

try {
	const store = await startEmbeddedStore({
		dataDir,
		report: (failure) => say(toErrorLines(failure))
	});
	process.stdout.write(`Outlay's store serves ${dataDir} at ${store.url}\n`);
	const stop = () => {
		store.stop().then(
			() => process.exit(0),
			(error: unknown) => {
				say(`The store did not stop cleanly: ${toErrorLines(error)}`);
				process.exit(1);
			}
		);
	};
	process.on('SIGINT', stop);
	process.on('SIGTERM', stop);
} catch (error) {
	if (!(error instanceof StoreBusy)) throw error;
	say(error.message);
	process.exit(1);
}
