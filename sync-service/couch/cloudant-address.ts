import { isDeepStrictEqual } from 'node:util';
import {
	readMountedCredentials,
	type CloudantCredentials
} from '#service/couch/cloudant-credentials.ts';
import { basicCredential } from '#service/couch/credential.ts';
import { iamCredential } from '#service/couch/iam-credential.ts';
import type { ResolveStore, StoreAddress } from '#service/couch/store-address.ts';

/** Where a Cloudant's credentials are: at hand, or in a folder in which they may be replaced at any time. */
export type CloudantSource = ({ credentials: CloudantCredentials } | { secretDir: string }) & {
	/** Where IAM gives tokens; unset: IBM Cloud's own. */
	tokenUrl?: string | undefined;
};

/** Finds the Cloudant: the same address, with its tokens, as long as the credentials are the same. */
export function toCloudantResolver(source: CloudantSource): ResolveStore {
	let known: { credentials: CloudantCredentials; address: StoreAddress } | undefined;
	return async () => {
		const credentials =
			'secretDir' in source ? await readMountedCredentials(source.secretDir) : source.credentials;
		if (known === undefined || !isDeepStrictEqual(known.credentials, credentials)) {
			known = { credentials, address: toAddress(credentials, source.tokenUrl) };
		}
		return known.address;
	};
}

/** With an API key the instance may be of either generation: both take IAM's tokens, the second nothing else. */
function toAddress(
	{ url, apiKey, username = '', password = '' }: CloudantCredentials,
	tokenUrl: string | undefined
): StoreAddress {
	const credential =
		apiKey === undefined
			? basicCredential(username, password)
			: iamCredential({ apiKey, ...(tokenUrl && { tokenUrl }) });
	return { url, credential };
}
