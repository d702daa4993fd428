import { readFile } from 'node:fs/promises';
import { CredentialMissing } from '#service/couch/cloudant-credentials.ts';
import { type PeerName, toPeerName } from '#service/peers/peer-address.ts';

/** The fewest characters of a secret: 128 bits in hexadecimal. */
export const PEER_SECRET_LENGTH = 32;

/** Where the other processes are, and where this one listens to them. */
export interface PeersConfig {
	names: PeerName[];
	port: number;
	/** `undefined`: on every address. */
	host: string | undefined;
	/** The secret, or the file it is in: never printed. */
	secret: { text: string } | { file: string };
}

/** The variables that speak of peers. */
export interface PeerVariables {
	PEERS?: string | undefined;
	PEER_PORT: number;
	PEER_HOST?: string | undefined;
	PEER_SECRET?: string | undefined;
	PEER_SECRET_FILE?: string | undefined;
}

export type PeersVerdict =
	{ ok: true; peers: PeersConfig | undefined } | { ok: false; sentence: string };

/** Without `PEERS` there are none, whatever else is set. */
export function readPeers(variables: PeerVariables): PeersVerdict {
	const { PEERS, PEER_PORT: port, PEER_HOST: host, PEER_SECRET, PEER_SECRET_FILE } = variables;
	if (!PEERS) return { ok: true, peers: undefined };
	if (PEER_SECRET && PEER_SECRET_FILE) {
		return { ok: false, sentence: 'Only one of PEER_SECRET and PEER_SECRET_FILE can be set.' };
	}
	if (!PEER_SECRET && !PEER_SECRET_FILE) {
		const sentence =
			'PEERS needs PEER_SECRET or PEER_SECRET_FILE, the same for all processes, such as what openssl rand -hex 32 prints.';
		return { ok: false, sentence };
	}
	const names = split(PEERS).flatMap((text) => toPeerName(text, port) ?? []);
	const secret = PEER_SECRET_FILE ? { file: PEER_SECRET_FILE } : { text: PEER_SECRET ?? '' };
	return { ok: true, peers: { names, port, host, secret } };
}

export function arePeers(text: string): boolean {
	return split(text).every((name) => toPeerName(name, 1) !== undefined);
}

/** @throws {CredentialMissing} where the file cannot be read, or what it has is too short */
export async function readPeerSecret(secret: PeersConfig['secret']): Promise<string> {
	if ('text' in secret) return secret.text;
	const text = await readFile(secret.file, 'utf8').catch((error: NodeJS.ErrnoException) => {
		throw new CredentialMissing(`PEER_SECRET_FILE cannot be read: ${error.code}.`);
	});
	if (text.trim().length >= PEER_SECRET_LENGTH) return text.trim();
	throw new CredentialMissing(
		`PEER_SECRET_FILE must have at least ${PEER_SECRET_LENGTH} characters, such as what openssl rand -hex 32 prints.`
	);
}

function split(text: string): string[] {
	return text.split(/[\s,]+/).filter(Boolean);
}
