import { runTogether } from './children.mjs';
import { prepare, runMain } from './prepare.mjs';

/** `npm run demo`: the app with a made-up year in it, which is gone when it is stopped. */
await runMain(async () => {
	const { node, env } = await prepare();
	await runTogether([{ command: node, args: ['tests/demo/serve.ts'], env }]);
});
