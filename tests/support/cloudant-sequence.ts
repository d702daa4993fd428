const FILLER = 'zLKwxVmyGJQWuNhvRpSgTkHi';

/**
 * A sequence as Cloudant has them: a number to mislead, and hundreds of characters that mean nothing to anybody else.
 *
 * @param copy of the same place: each has another name for it.
 */
export function toCloudantSequence(inner: unknown, copy = 0): string {
	const text = JSON.stringify(inner);
	const count = Number.parseInt(text.replace(/\D*/, ''), 10) || 0;
	return `${count}-g1AAAA${FILLER.repeat(16 + copy)}${Buffer.from(text).toString('hex')}`;
}

/** What {@link toCloudantSequence} was given; `undefined` for what it did not make. */
export function fromCloudantSequence(sequence: string): unknown {
	const [, hex] = /^\d+-g1AAAA[G-Zg-z]+([0-9a-f]+)$/.exec(sequence) ?? [];
	return hex === undefined ? undefined : JSON.parse(Buffer.from(hex, 'hex').toString());
}
