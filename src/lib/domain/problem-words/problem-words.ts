import type { SENTENCES } from './en.ts';

/** A sentence for every problem code, in one language: what happened, what is safe, what to do. */
export type ProblemWords = Record<keyof typeof SENTENCES, string>;
