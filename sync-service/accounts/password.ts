import { hash, verify } from '@node-rs/argon2';

/** Argon2id as OWASP advises: 19 MiB, two passes, one lane; 7–20 ms a hash. */
const COST = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Kibibytes that Argon2 needs for one lane. */
const LEAST_MEMORY = 8;

/** Hashing runs on libuv's four threads, which files and the embedded store need too. */
const HASHES_AT_ONCE = 2;
/** Who comes when so many wait already is sent away: some two seconds of hashing. */
const WAITING_MOST = 200;

/** So many passwords are being hashed that another would wait for longer than people do. */
export class HashingBusy extends Error {
	override name = 'HashingBusy';
	/** Seconds after which trying again makes sense. */
	readonly retryAfterSeconds = 3;
}

let running = 0;
const waiting: (() => void)[] = [];

/** How many passwords are being hashed or verified, and how many wait. */
export function countHashes(): { running: number; waiting: number } {
	return { running, waiting: waiting.length };
}

/** Hashes a password for keeping, with a salt of its own. @throws {HashingBusy} */
export function hashPassword(password: string): Promise<string> {
	return takeTurn(() => hash(toCanonical(password), COST));
}

/**
 * Whether `password` is the one behind `hashed`. A wrong one costs the same whatever the hash was made at: faster, it
 * would tell that there is an account, and an old one.
 *
 * @throws {HashingBusy}
 */
export function verifyPassword(hashed: string, password: string): Promise<boolean> {
	return takeTurn(async () => {
		const canonical = toCanonical(password);
		const isRight = await verify(hashed, canonical, COST);
		const memoryCost = toMissingMemory(hashed);
		// The same number of passes over what is missing: time goes with memory times passes.
		if (!isRight && memoryCost > 0) await hash(canonical, { ...COST, memoryCost });
		return isRight;
	});
}

/** Kibibytes that today's passes must go over for a hash to have cost as much as one of today; 0: it did. */
function toMissingMemory(hashed: string): number {
	const cost = readCost(hashed);
	const work = (cost.get('m') ?? NaN) * (cost.get('t') ?? NaN);
	const missing = Math.round((COST.memoryCost * COST.timeCost - work) / COST.timeCost);
	return missing >= LEAST_MEMORY ? missing : 0;
}

/** Whether a hash was made at a lower cost than today's, so that it should be made again. */
export function isWeakHash(hashed: string): boolean {
	const [, variant, version] = hashed.split('$');
	if (variant !== 'argon2id' || version !== 'v=19') return true;
	const cost = readCost(hashed);
	return (
		(cost.get('m') ?? 0) < COST.memoryCost ||
		(cost.get('t') ?? 0) < COST.timeCost ||
		(cost.get('p') ?? 0) < COST.parallelism
	);
}

/** What a hash in PHC form was made at, by name. */
function readCost(hashed: string): Map<string | undefined, number> {
	const costs = hashed.split('$')[3] ?? '';
	return new Map(
		costs.split(',').map((part) => {
			const [name, value] = part.split('=');
			return [name, Number(value)];
		})
	);
}

/** The same characters typed on two keyboards are one password (NIST SP 800-63B §5.1.1.2). */
function toCanonical(password: string): string {
	return password.normalize('NFKC');
}

async function takeTurn<T>(work: () => Promise<T>): Promise<T> {
	if (running >= HASHES_AT_ONCE) {
		if (waiting.length >= WAITING_MOST)
			throw new HashingBusy('Too many passwords wait to be hashed.');
		const turn: PromiseWithResolvers<void> = Promise.withResolvers();
		waiting.push(turn.resolve);
		await turn.promise;
	} else {
		running++;
	}
	try {
		return await work();
	} finally {
		const next = waiting.shift();
		// The turn is handed over, not given back: nobody can slip in between.
		if (next === undefined) running--;
		else next();
	}
}
