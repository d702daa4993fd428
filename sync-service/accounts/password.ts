import { hash, verify } from '@node-rs/argon2';

/** Argon2id as OWASP advises: 19 MiB, two passes, one lane; 7–20 ms a hash. */
const COST = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Hashing runs on libuv's four threads, which files and the embedded store need too. */
const HASHES_AT_ONCE = 2;

let running = 0;
const waiting: (() => void)[] = [];

/** Hashes a password for keeping, with a salt of its own. */
export function hashPassword(password: string): Promise<string> {
	return takeTurn(() => hash(toCanonical(password), COST));
}

/** Whether `password` is the one behind `hashed`. */
export function verifyPassword(hashed: string, password: string): Promise<boolean> {
	return takeTurn(() => verify(hashed, toCanonical(password), COST));
}

/** The same characters typed on two keyboards are one password (NIST SP 800-63B §5.1.1.2). */
function toCanonical(password: string): string {
	return password.normalize('NFKC');
}

async function takeTurn<T>(work: () => Promise<T>): Promise<T> {
	if (running >= HASHES_AT_ONCE) {
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
