import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import type { CloudantSource } from '#service/couch/cloudant-address.ts';
import { CredentialMissing, toCloudantCredentials } from '#service/couch/cloudant-credentials.ts';
import { findLine } from '#service/json-line.ts';
import { HOME } from '#service/ledgers/placements.ts';

/** The stores of `PLACEMENTS_FILE`. The message names the line and repeats no value: some are secrets. */
export class PlacementsRefused extends Error {
	override name = 'PlacementsRefused';
}

/** Where a further placement's store is. */
export type PlacementStore =
	{ couchUrl: string } | { cloudant: CloudantSource } | { dataDir: string };

export interface FurtherPlacement {
	name: string;
	/** Databases; `undefined`: not bounded. */
	capacity: number | undefined;
	store: PlacementStore;
}

export interface PlacementsConfig {
	/** Of the store that the environment names. */
	homeCapacity: number | undefined;
	further: FurtherPlacement[];
}

/** Databases that IBM allows to an instance. */
const PLANS = { lite: 20, standard: 200 } as const;

const Text = z.string().min(1).max(2_000);
const Address = Text.refine(isPlainAddress);
const Common = {
	name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
	capacity: z.int().min(0).max(10_000_000).optional()
};
const Couch = z.strictObject({
	url: Address,
	username: Text,
	password: Text.optional(),
	passwordFile: Text.optional()
});
const Cloudant = z.strictObject({
	url: Address.optional(),
	username: Text.optional(),
	password: Text.optional(),
	passwordFile: Text.optional(),
	apiKey: Text.optional(),
	apiKeyFile: Text.optional(),
	secretDir: Text.optional()
});
const Embedded = z.strictObject({ dataDir: Text });
const Entry = z.strictObject({
	...Common,
	couch: Couch.optional(),
	cloudant: Cloudant.optional(),
	embedded: Embedded.optional(),
	plan: z.enum(['lite', 'standard']).optional()
});
const PlacementsFile = z.strictObject({ placements: z.array(Entry).min(1).max(10_000) });
type Entry = z.infer<typeof Entry>;

/** What each field must be: the end of the sentence a person reads. */
const EXPECTATIONS: Record<string, string> = {
	placements: 'must be a list of placements',
	name: 'must be lower-case letters, digits and dashes, at most 40',
	capacity: 'must be a whole number of databases, 0 or more',
	plan: 'must be "lite" or "standard"',
	url: 'must be an http or https address without credentials',
	couch: 'must have "url", "username", and "password" or "passwordFile"',
	cloudant:
		'must have "secretDir", or "url" with "apiKey", "apiKeyFile", or "username" and "password" or "passwordFile"',
	embedded: 'must have "dataDir"'
};

/**
 * Reads `PLACEMENTS_FILE`. Paths in it begin at its own folder.
 *
 * @throws {PlacementsRefused}
 */
export async function readPlacements(file: string, tokenUrl?: string): Promise<PlacementsConfig> {
	const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
		throw new PlacementsRefused(`PLACEMENTS_FILE cannot be read: ${error.code}.`);
	});
	const entries = parse(text);
	const config: PlacementsConfig = { homeCapacity: undefined, further: [] };
	const names = new Set<string>([HOME]);
	for (const [at, entry] of entries.entries()) {
		const refuse = (path: (string | number)[], problem: string): never => {
			throw toRefusal(text, ['placements', at, ...path], problem);
		};
		const capacity = entry.capacity ?? (entry.plan && PLANS[entry.plan]);
		if (entry.name === HOME) {
			if (at > 0) refuse(['name'], `"${HOME}" is the store of the environment and comes first`);
			if (entry.couch ?? entry.cloudant ?? entry.embedded) {
				refuse(['name'], `"${HOME}" is the store of the environment and has no address here`);
			}
			config.homeCapacity = capacity;
			continue;
		}
		if (names.has(entry.name)) refuse(['name'], 'another placement has that name');
		names.add(entry.name);
		const store = toStore(entry, dirname(resolve(file)), tokenUrl, refuse);
		config.further.push({ name: entry.name, capacity, store });
	}
	return config;
}

function parse(text: string): Entry[] {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		// Not the parser's own words: they quote what they trip over.
		const position = /position (\d+)/.exec(String(error))?.[1];
		const before = position === undefined ? text : text.slice(0, Number(position));
		throw new PlacementsRefused(
			`PLACEMENTS_FILE, line ${before.split('\n').length}: this is not JSON.`
		);
	}
	const parsed = PlacementsFile.safeParse(value);
	if (parsed.success) return parsed.data.placements;
	const [issue] = parsed.error.issues;
	const path = (issue?.path ?? []).filter((part) => typeof part !== 'symbol');
	if (issue?.code === 'unrecognized_keys') {
		const key = issue.keys[0] ?? '';
		throw toRefusal(text, [...path, key], 'a field of that name means nothing here');
	}
	const field = path.findLast((part) => typeof part === 'string') ?? 'placements';
	const expected = EXPECTATIONS[field] ?? 'must be a text';
	throw toRefusal(text, path, `"${field}" ${expected}`);
}

function toStore(
	{ couch, cloudant, embedded }: Entry,
	folder: string,
	tokenUrl: string | undefined,
	refuse: (path: (string | number)[], problem: string) => never
): PlacementStore {
	if ([couch, cloudant, embedded].filter(Boolean).length !== 1) {
		return refuse([], 'a placement has one of "couch", "cloudant" and "embedded"');
	}
	const secret = (kind: string, name: string, text?: string, file?: string) => {
		if (text !== undefined && file !== undefined) {
			return refuse([kind, name], `only one of "${name}" and "${name}File" can be given`);
		}
		if (file === undefined) return text;
		try {
			return readFileSync(resolve(folder, file), 'utf8').trim();
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			return refuse([kind, `${name}File`], `the file of "${name}File" cannot be read: ${code}`);
		}
	};
	if (embedded) return { dataDir: resolve(folder, embedded.dataDir) };
	if (couch) {
		const password = secret('couch', 'password', couch.password, couch.passwordFile);
		if (password === undefined) return refuse(['couch'], `"couch" ${EXPECTATIONS.couch}`);
		const url = new URL(couch.url);
		url.username = encodeURIComponent(couch.username);
		url.password = encodeURIComponent(password);
		return { couchUrl: url.href };
	}
	const { secretDir, url, username, password, passwordFile, apiKey, apiKeyFile } = cloudant ?? {};
	if (secretDir !== undefined) {
		return { cloudant: { secretDir: resolve(folder, secretDir), tokenUrl } };
	}
	const given = {
		url,
		username,
		password: secret('cloudant', 'password', password, passwordFile),
		apikey: secret('cloudant', 'apiKey', apiKey, apiKeyFile)
	};
	try {
		const credentials = toCloudantCredentials(given, 'PLACEMENTS_FILE');
		return { cloudant: { credentials, tokenUrl } };
	} catch (error) {
		if (!(error instanceof CredentialMissing)) throw error;
		return refuse(['cloudant'], `"cloudant" ${EXPECTATIONS.cloudant}`);
	}
}

function toRefusal(text: string, path: (string | number)[], problem: string): PlacementsRefused {
	return new PlacementsRefused(`PLACEMENTS_FILE, line ${findLine(text, path)}: ${problem}.`);
}

function isPlainAddress(text: string): boolean {
	const url = URL.parse(text);
	return url !== null && /^https?:$/.test(url.protocol) && url.username + url.password === '';
}
