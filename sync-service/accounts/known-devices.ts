import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Rows } from '#service/accounts/rows.ts';
import type { CouchDocument } from '#service/couch/client.ts';

/** The key that proofs are made with: one for all processes, made by whichever needs it first. */
interface SecretRow extends CouchDocument {
	key: string;
}

const ENCODER = new TextEncoder();
const SECRET_ID = 'secret:known-devices';
/** `<random>.<mac>`, both base64url. */
const PROOF = /^[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}$/;

/**
 * Remembers, in a cookie and nowhere else, that somebody has signed in on a device ("device cookies", OWASP). It
 * opens nothing: it only lets the device's failures be counted apart from those of strangers.
 */
export interface KnownDevices {
	/** What a device keeps that has just signed in. @throws {StoreUnavailable} */
	makeProof(email: string): Promise<string>;
	/** A name for the device, when the proof is ours and for this email. @throws {StoreUnavailable} */
	recognise(proof: string | undefined, email: string): Promise<string | undefined>;
}

export function createKnownDevices(rows: Rows): KnownDevices {
	let loading: Promise<string> | undefined;

	async function load(): Promise<string> {
		const row = await rows.find<SecretRow>(SECRET_ID);
		if (row !== undefined) return row.key;
		const key = randomBytes(32).toString('base64url');
		const written = await rows.put({ _id: SECRET_ID, key });
		// Another process was first: its key is the one.
		return written === 'conflict' ? load() : key;
	}

	async function sign(name: string, email: string): Promise<string> {
		loading ??= load();
		try {
			const key = await loading;
			return createHmac('sha256', key).update(`${name} ${email}`).digest('base64url');
		} catch (error) {
			// A failure is not an answer to keep.
			loading = undefined;
			throw error;
		}
	}

	return {
		async makeProof(email) {
			const name = randomBytes(16).toString('base64url');
			return `${name}.${await sign(name, email)}`;
		},
		async recognise(proof, email) {
			if (proof === undefined || !PROOF.test(proof)) return undefined;
			const [name = '', mac = ''] = proof.split('.');
			const expected = await sign(name, email);
			return timingSafeEqual(ENCODER.encode(mac), ENCODER.encode(expected)) ? name : undefined;
		}
	};
}
