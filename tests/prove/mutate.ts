import { registerHooks } from 'node:module';
import type { Mutant } from './mutants.ts';

/**
 * From here on, the thread loads one module of ours changed. Returns whether it has been loaded by now.
 *
 * @throws on loading it, if the text to change is not there exactly once: a mutant must not be the original.
 */
export function mutate({ name, file, find, replace }: Mutant): () => boolean {
	const url = new URL(`../../src/lib/${file}`, import.meta.url).href;
	let wasLoaded = false;
	registerHooks({
		load(loading, context, nextLoad) {
			const loaded = nextLoad(loading, context);
			if (loading !== url) return loaded;
			const parts = String(loaded.source).split(find);
			if (parts.length !== 2) {
				throw new Error(`"${name}": the text is in ${file} ${parts.length - 1} times`);
			}
			wasLoaded = true;
			return { ...loaded, source: parts.join(replace) };
		}
	});
	return () => wasLoaded;
}
