import { isIP } from 'node:net';
import * as z from 'zod';
import { SignUpMode } from '#contract/account.ts';
import { isTokenUrl, readCloudant } from '#service/cloudant-config.ts';
import type { CloudantSource } from '#service/couch/cloudant-address.ts';
import { DEFAULT_QUOTA, type LedgerQuota } from '#service/ledgers/quota.ts';
import { LOG_LEVELS, type LogLevel } from '#service/plugins/logging.ts';
import {
	arePeers,
	PEER_SECRET_LENGTH,
	type PeersConfig,
	readPeers
} from '#service/peers-config.ts';

/**
 * Everything the service learns from its surroundings, read once. An empty variable counts as unset.
 * No message ever repeats a value: one of them holds a credential.
 */
const Environment = z.object({
	PORT: z
		.string()
		.regex(/^\d{1,5}$/)
		.transform(Number)
		.refine((port) => port <= 65_535)
		.default(8090),
	HOST: z
		.string()
		.regex(/^[A-Za-z0-9.:_-]+$/)
		.default('127.0.0.1'),
	LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
	DATA_DIR: z
		.string()
		.refine((path) => !path.includes('\0'))
		.default('./data'),
	METRICS_PORT: z
		.string()
		.regex(/^\d{1,5}$/)
		.transform(Number)
		.refine((port) => port <= 65_535)
		.optional(),
	METRICS_HOST: z
		.string()
		.regex(/^[A-Za-z0-9.:_-]+$/)
		.default('127.0.0.1'),
	PEERS: z.string().refine(arePeers).optional(),
	PEER_PORT: z
		.string()
		.regex(/^\d{1,5}$/)
		.transform(Number)
		.refine((port) => port >= 1 && port <= 65_535)
		.default(8092),
	PEER_HOST: z
		.string()
		.regex(/^[A-Za-z0-9.:_-]+$/)
		.optional(),
	PEER_SECRET: z.string().min(PEER_SECRET_LENGTH).optional(),
	PEER_SECRET_FILE: z
		.string()
		.refine((path) => !path.includes('\0'))
		.optional(),
	COUCH_URL: z.string().refine(isStoreUrl).optional(),
	CLOUDANT_URL: z.string().refine(isStoreUrl).optional(),
	CLOUDANT_USERNAME: z.string().optional(),
	CLOUDANT_PASSWORD: z.string().optional(),
	CLOUDANT_APIKEY: z.string().optional(),
	CLOUDANT_SECRET_DIR: z
		.string()
		.refine((path) => !path.includes('\0'))
		.optional(),
	IAM_TOKEN_URL: z.string().refine(isTokenUrl).optional(),
	VCAP_SERVICES: z.string().optional(),
	PLACEMENTS_FILE: z
		.string()
		.refine((path) => !path.includes('\0'))
		.optional(),
	RELEASE_UNUSED_DAYS: z
		.string()
		.regex(/^\d{1,5}$/)
		.transform(Number)
		.default(60),
	PUBLIC_URL: z
		.string()
		.refine(isOrigin)
		.transform((url) => new URL(url).origin)
		.optional(),
	TRUST_PROXY: z.string().refine(isTrustProxy).transform(toTrustProxy).default(0),
	SECURITY_CONTACT: z
		.string()
		.regex(/^(?:mailto:|https:\/\/)[\x21-\x7e]+$/)
		.optional(),
	SIGN_UP: z.enum(SignUpMode.options).default('open'),
	SIGN_UPS_PER_HOUR: z
		.string()
		.regex(/^[1-9]\d{0,6}$/)
		.transform(Number)
		.default(30),
	QUOTA_DOCUMENTS: z
		.string()
		.regex(/^[1-9]\d{0,14}$/)
		.transform(Number)
		.default(DEFAULT_QUOTA.documents),
	QUOTA_BYTES: z
		.string()
		.regex(/^[1-9]\d{0,14}$/)
		.transform(Number)
		.default(DEFAULT_QUOTA.bytes)
});

/** What each variable must be, with an example: the end of the sentence a person reads. */
const EXPECTATIONS: Record<keyof z.infer<typeof Environment>, string> = {
	PORT: 'must be a whole number from 0 to 65535, such as PORT=8090',
	HOST: 'must be an address to listen on, such as HOST=127.0.0.1 or HOST=0.0.0.0',
	METRICS_PORT: 'must be a whole number from 0 to 65535, such as METRICS_PORT=9090',
	METRICS_HOST: 'must be an address to listen on, such as METRICS_HOST=127.0.0.1',
	PEERS:
		'must be names or addresses of the other processes, with their ports, such as PEERS=outlay-peers:8092 or PEERS=10.0.0.1:8092,[fd00::2]:8092',
	PEER_PORT: 'must be a whole number from 1 to 65535, such as PEER_PORT=8092',
	PEER_HOST: 'must be an address to listen on, such as PEER_HOST=0.0.0.0',
	PEER_SECRET: `must be at least ${PEER_SECRET_LENGTH} characters that nobody guesses, such as PEER_SECRET=$(openssl rand -hex 32)`,
	PEER_SECRET_FILE: 'must be a file, such as PEER_SECRET_FILE=/etc/outlay/peer-secret',
	LOG_LEVEL: `must be one of ${LOG_LEVELS.join(', ')}, such as LOG_LEVEL=warn`,
	DATA_DIR: 'must be a folder, such as DATA_DIR=./data',
	COUCH_URL:
		'must be the http or https address of a CouchDB, with its credentials and without a database, such as COUCH_URL=https://user:password@couch.example.org',
	CLOUDANT_URL:
		'must be the http or https address of a Cloudant, without a database, such as CLOUDANT_URL=https://account.cloudantnosqldb.appdomain.cloud',
	CLOUDANT_USERNAME: 'must be text',
	CLOUDANT_PASSWORD: 'must be text',
	CLOUDANT_APIKEY: 'must be text',
	CLOUDANT_SECRET_DIR: 'must be a folder, such as CLOUDANT_SECRET_DIR=/etc/outlay/cloudant',
	IAM_TOKEN_URL:
		'must be the https address that gives tokens, such as IAM_TOKEN_URL=https://private.iam.cloud.ibm.com/identity/token',
	VCAP_SERVICES: 'must be JSON',
	PUBLIC_URL:
		'must be the address people open, http or https and without a path, such as PUBLIC_URL=https://outlay.example.org',
	TRUST_PROXY:
		'must be true, false, the number of proxies in front, or their addresses, such as TRUST_PROXY=1 or TRUST_PROXY=10.0.0.0/8',
	SECURITY_CONTACT:
		'must be whom to tell of a weakness, such as SECURITY_CONTACT=mailto:security@example.org',
	PLACEMENTS_FILE: 'must be a file, such as PLACEMENTS_FILE=/etc/outlay/placements.json',
	RELEASE_UNUSED_DAYS:
		'must be a whole number of days, or 0 for never, such as RELEASE_UNUSED_DAYS=60',
	SIGN_UP: 'must be open, invite or closed, such as SIGN_UP=invite',
	SIGN_UPS_PER_HOUR: 'must be a whole number above 0, such as SIGN_UPS_PER_HOUR=30',
	QUOTA_DOCUMENTS: 'must be a whole number above 0, such as QUOTA_DOCUMENTS=200000',
	QUOTA_BYTES: 'must be a whole number above 0, such as QUOTA_BYTES=1073741824'
};

export interface Config {
	/** 0 takes any free port. */
	port: number;
	host: string;
	/** Where Prometheus asks; `undefined`: nowhere. */
	metrics: { port: number; host: string } | undefined;
	/** The other processes; `undefined`: there are none. */
	peers: PeersConfig | undefined;
	logLevel: LogLevel;
	dataDir: string;
	/** Holds a credential: never printed. */
	couchUrl: string | undefined;
	/** Holds credentials: never printed. */
	cloudant: CloudantSource | undefined;
	/** Where IAM gives tokens; `undefined`: IBM Cloud's own. */
	tokenUrl: string | undefined;
	/** Further stores, and their capacities. */
	placementsFile: string | undefined;
	/** Days after which a ledger that was never written to gives its database back; 0: never. */
	releaseUnusedDays: number;
	/** An origin, without a trailing slash. */
	publicUrl: string | undefined;
	/** How many proxies stand in front, or their addresses, separated by commas; 0: none. */
	trustProxy: number | string;
	/** Whom to tell of a weakness: `mailto:…` or `https:…`. */
	securityContact: string | undefined;
	/** Who may sign up. */
	signUpMode: SignUpMode;
	/** Sign-ups from one address in an hour. */
	signUpsPerHour: number;
	/** What a ledger may hold where nothing else is set for it. */
	quota: LedgerQuota;
}

export type ConfigVerdict = { ok: true; config: Config } | { ok: false; sentences: string[] };

/** Reads the configuration, or says in sentences what is wrong with it. */
export function readConfig(environment: Record<string, string | undefined>): ConfigVerdict {
	const given = Object.fromEntries(
		Object.keys(EXPECTATIONS).map((name) => [name, environment[name]?.trim() || undefined])
	);
	const parsed = Environment.safeParse(given);
	if (!parsed.success) {
		const names = new Set(parsed.error.issues.map((issue) => String(issue.path[0])));
		const sentences = [...names].map(
			(name) => `${name} ${EXPECTATIONS[name as keyof typeof EXPECTATIONS]}.`
		);
		return { ok: false, sentences };
	}
	const values = parsed.data;
	const cloudant = readCloudant(values);
	if (!cloudant.ok) return { ok: false, sentences: [cloudant.sentence] };
	const peers = readPeers(values);
	if (!peers.ok) return { ok: false, sentences: [peers.sentence] };
	const config: Config = {
		port: values.PORT,
		host: values.HOST,
		metrics:
			values.METRICS_PORT === undefined
				? undefined
				: { port: values.METRICS_PORT, host: values.METRICS_HOST },
		peers: peers.peers,
		logLevel: values.LOG_LEVEL,
		dataDir: values.DATA_DIR,
		couchUrl: values.COUCH_URL,
		cloudant: cloudant.cloudant,
		tokenUrl: values.IAM_TOKEN_URL,
		placementsFile: values.PLACEMENTS_FILE,
		releaseUnusedDays: values.RELEASE_UNUSED_DAYS,
		publicUrl: values.PUBLIC_URL,
		trustProxy: values.TRUST_PROXY,
		securityContact: values.SECURITY_CONTACT,
		signUpMode: values.SIGN_UP,
		signUpsPerHour: values.SIGN_UPS_PER_HOUR,
		quota: { documents: values.QUOTA_DOCUMENTS, bytes: values.QUOTA_BYTES }
	};
	return { ok: true, config };
}

function isStoreUrl(text: string): boolean {
	const url = toHttpUrl(text);
	if (url === undefined || url.search !== '' || url.hash !== '') return false;
	try {
		decodeURIComponent(url.username + url.password);
		return true;
	} catch {
		return false;
	}
}

function isOrigin(text: string): boolean {
	const url = toHttpUrl(text);
	if (url === undefined || url.username !== '' || url.password !== '') return false;
	return url.pathname === '/' && url.search === '' && url.hash === '';
}

function toHttpUrl(text: string): URL | undefined {
	const url = URL.parse(text);
	return url !== null && /^https?:$/.test(url.protocol) ? url : undefined;
}

/** `true` is one proxy: believing whatever stands in `X-Forwarded-For` would let anybody lie. */
function toTrustProxy(text: string): number | string {
	if (text === 'true' || text === 'false') return text === 'true' ? 1 : 0;
	return /^\d+$/.test(text) ? Number(text) : text;
}

function isTrustProxy(text: string): boolean {
	return /^(true|false|\d{1,2})$/.test(text) || text.split(',').every((one) => isRange(one.trim()));
}

/** An address, a range of them in CIDR form, or a name the framework knows. */
function isRange(text: string): boolean {
	if (/^(loopback|linklocal|uniquelocal)$/.test(text)) return true;
	const [address = '', bits] = text.split('/');
	const family = isIP(address);
	if (family === 0) return false;
	return (
		bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
	);
}
