import { runTogether } from './children.mjs';
import { prepare, runMain } from './prepare.mjs';

/**
 * `npm start`: everything that is missing, then the sync service, which serves the pages too. At a terminal a line for
 * each request would only be in the way.
 */
await runMain(async () => {
	const { node, env } = await prepare();
	await runTogether([
		{ command: node, args: ['sync-service/server.ts'], env: { LOG_LEVEL: 'warn', ...env } }
	]);
});
