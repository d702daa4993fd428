import { runTogether } from './children.mjs';
import { prepare, runMain } from './prepare.mjs';

/** `npm start`: everything that is missing, then the sync service, which serves the pages too. */
await runMain(async () => {
	const { node, env } = await prepare();
	await runTogether([{ command: node, args: ['sync-service/server.ts'], env }]);
});
