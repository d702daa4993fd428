import { join } from 'node:path';
import { runTogether } from './children.mjs';
import { prepare, root, runMain } from './prepare.mjs';

/** Where Vite's proxy looks for the sync service. */
const SERVICE_PORT = '8091';

/** `npm run dev`: the service, again with every change, and Vite in front of it on port 5173. */
await runMain(async () => {
	const { node, env } = await prepare({ build: false });
	const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
	await runTogether([
		{
			command: node,
			args: ['--watch', '--watch-preserve-output', 'sync-service/server.ts'],
			env: {
				LOG_LEVEL: 'warn',
				...env,
				PORT: SERVICE_PORT,
				DATA_DIR: env.DATA_DIR ?? join(root, 'data')
			}
		},
		{ command: node, args: [vite, 'dev', '--port', '5173', '--strictPort'], env }
	]);
});
