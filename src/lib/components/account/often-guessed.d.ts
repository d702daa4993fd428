declare module 'virtual:often-guessed' {
	import type { OptionsGraph } from '@zxcvbn-ts/core';
	/** The most common first, one a line. */
	export const passwords: string;
	/** Which keys stand beside which. */
	export const graphs: OptionsGraph;
}
