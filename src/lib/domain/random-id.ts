import { randomText } from './random-text.ts';

/** 26 base-36 characters hold 134 bits: a collision is out of reach at any size of ledger. */
export const ID_LENGTH = 26;

/** A new id, `<type>:<random>`. It holds no fact that could be edited. */
export function randomId(type: string): string {
	return `${type}:${randomText(ID_LENGTH)}`;
}
