import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What IBM Cloud hands out for a Cloudant instance. */
export interface CloudantCredentials {
	/** Without a credential and without a slash at its end. */
	url: string;
	/** For IAM; goes before a password where both are given. */
	apiKey: string | undefined;
	username: string | undefined;
	password: string | undefined;
}

/** What should hold the credentials does not. The message repeats nothing of what is there. */
export class CredentialMissing extends Error {
	override name = 'CredentialMissing';
}

type Given = Record<string, unknown>;

/**
 * Credentials as the environment, a secret or a binding has them: `url` (or `host`), `apikey`, `username`
 * and `password`. A `url` may hold the last two.
 *
 * @param where named in the message of the error.
 * @throws {CredentialMissing}
 */
export function toCloudantCredentials(given: Given, where: string): CloudantCredentials {
	const text = (name: string) => {
		const value = given[name];
		return typeof value === 'string' ? value.trim() || undefined : undefined;
	};
	const host = text('host');
	const url = URL.parse(text('url') ?? (host ? `https://${host}` : ''));
	if (url === null || !/^https?:$/.test(url.protocol)) {
		throw new CredentialMissing(`${where} has no http or https address of a Cloudant.`);
	}
	const apiKey = text('apikey');
	const username = text('username') ?? (decode(url.username) || undefined);
	const password = text('password') ?? (decode(url.password) || undefined);
	if (apiKey === undefined && (username === undefined || password === undefined)) {
		throw new CredentialMissing(
			`${where} has neither an API key nor a user name and a password for the Cloudant.`
		);
	}
	url.username = url.password = url.search = url.hash = '';
	return { url: url.href.replace(/\/+$/, ''), apiKey, username, password };
}

/**
 * The credentials in a folder in which Kubernetes mounts a secret: a file for each of them, or IBM Cloud's
 * own `binding`, one file of JSON.
 *
 * @throws {CredentialMissing}
 */
export async function readMountedCredentials(folder: string): Promise<CloudantCredentials> {
	const where = 'CLOUDANT_SECRET_DIR';
	const binding = await readPart(folder, 'binding');
	if (binding !== undefined) return toCloudantCredentials(parse(binding, where), where);
	const names = ['url', 'host', 'apikey', 'username', 'password'];
	const parts = await Promise.all(
		names.map(async (name) => [name, await readPart(folder, name)] as const)
	);
	return toCloudantCredentials(Object.fromEntries(parts), where);
}

/**
 * The credentials of the one Cloudant that Cloud Foundry has bound; `undefined` where none is.
 *
 * @throws {CredentialMissing} when there are several, or they cannot be read.
 */
export function findBoundCredentials(vcapServices: string): CloudantCredentials | undefined {
	const where = 'VCAP_SERVICES';
	const bound = Object.entries(parse(vcapServices, where)).flatMap(([label, services]) =>
		/^cloudantnosqldb/i.test(label) && Array.isArray(services) ? (services as unknown[]) : []
	);
	if (bound.length === 0) return undefined;
	if (bound.length > 1) {
		throw new CredentialMissing(`${where} has several Cloudants: name one with CLOUDANT_URL.`);
	}
	return toCloudantCredentials(toGiven(toGiven(bound[0]).credentials), where);
}

async function readPart(folder: string, name: string): Promise<string | undefined> {
	try {
		return await readFile(join(folder, name), 'utf8');
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
		throw new CredentialMissing(`CLOUDANT_SECRET_DIR cannot be read: ${code}.`);
	}
}

function parse(json: string, where: string): Given {
	try {
		return toGiven(JSON.parse(json));
	} catch {
		// Not the parser's own words: they quote what they trip over.
		throw new CredentialMissing(`${where} is not JSON.`);
	}
}

function toGiven(value: unknown): Given {
	return typeof value === 'object' && value !== null ? (value as Given) : {};
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
