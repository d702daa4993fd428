import type { CloudantSource } from '#service/couch/cloudant-address.ts';
import {
	CredentialMissing,
	findBoundCredentials,
	toCloudantCredentials
} from '#service/couch/cloudant-credentials.ts';

/** The variables that speak of a Cloudant. */
export interface CloudantVariables {
	COUCH_URL?: string | undefined;
	CLOUDANT_URL?: string | undefined;
	CLOUDANT_USERNAME?: string | undefined;
	CLOUDANT_PASSWORD?: string | undefined;
	CLOUDANT_APIKEY?: string | undefined;
	CLOUDANT_SECRET_DIR?: string | undefined;
	IAM_TOKEN_URL?: string | undefined;
	VCAP_SERVICES?: string | undefined;
}

export type CloudantVerdict =
	{ ok: true; cloudant: CloudantSource | undefined } | { ok: false; sentence: string };

/**
 * Which Cloudant the variables name, if they name one. What somebody set goes before `VCAP_SERVICES`, which
 * the platform sets.
 */
export function readCloudant(variables: CloudantVariables): CloudantVerdict {
	const { COUCH_URL, CLOUDANT_URL, CLOUDANT_SECRET_DIR: secretDir, VCAP_SERVICES } = variables;
	const tokenUrl = variables.IAM_TOKEN_URL;
	if ([COUCH_URL, CLOUDANT_URL, secretDir].filter(Boolean).length > 1) {
		const sentence = 'Only one of COUCH_URL, CLOUDANT_URL and CLOUDANT_SECRET_DIR can be set.';
		return { ok: false, sentence };
	}
	if (COUCH_URL) return { ok: true, cloudant: undefined };
	if (secretDir) return { ok: true, cloudant: { secretDir, tokenUrl } };
	const {
		CLOUDANT_USERNAME: username,
		CLOUDANT_PASSWORD: password,
		CLOUDANT_APIKEY: apikey
	} = variables;
	try {
		if (CLOUDANT_URL || username || password || apikey) {
			const given = { url: CLOUDANT_URL, username, password, apikey };
			const credentials = toCloudantCredentials(given, 'CLOUDANT_URL');
			return { ok: true, cloudant: { credentials, tokenUrl } };
		}
		const credentials = VCAP_SERVICES ? findBoundCredentials(VCAP_SERVICES) : undefined;
		return { ok: true, cloudant: credentials && { credentials, tokenUrl } };
	} catch (error) {
		if (!(error instanceof CredentialMissing)) throw error;
		return { ok: false, sentence: error.message };
	}
}

/** An API key goes there: in the clear only where nobody is in between. */
export function isTokenUrl(text: string): boolean {
	const url = URL.parse(text);
	if (url === null || url.username !== '' || url.password !== '') return false;
	const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
	return url.protocol === 'https:' || (url.protocol === 'http:' && isHere);
}
