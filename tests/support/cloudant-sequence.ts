/** Where a reader stands in each shard of a database, as the store behind the fake has it; `null`: at the beginning. */
export type Places = readonly (string | number | null)[];

/** How many shards a database has. */
export const SHARDS = 4;

/** The beginning of every shard. */
export const BEGINNING: Places = Array.from({ length: SHARDS }, () => null);

const FILLER = 'zLKwxVmyGJQWuNhvRpSgTkHi';

/**
 * A sequence as Cloudant has them: a number to mislead, and hundreds of characters that mean nothing to anybody else.
 *
 * @param copy of the same place: each has another name for it.
 */
export function toCloudantSequence(places: Places, copy = 0): string {
	const count = Math.max(...places.map(toNumber));
	const hex = Buffer.from(JSON.stringify(places)).toString('hex');
	return `${count}-g1AAAA${FILLER.repeat(16 + copy)}${hex}`;
}

/** What {@link toCloudantSequence} was given; `undefined` for what it did not make. */
export function fromCloudantSequence(sequence: string): Places | undefined {
	const [, hex] = /^\d+-g1AAAA[G-Zg-z]+([0-9a-f]+)$/.exec(sequence) ?? [];
	return hex === undefined ? undefined : (JSON.parse(Buffer.from(hex, 'hex').toString()) as Places);
}

/** The order of the places in a database that has but one shard behind the fake. */
export function toNumber(place: string | number | null): number {
	return Number.parseInt(String(place ?? 0), 10) || 0;
}
