import { type CloudantSource, toCloudantResolver } from '#service/couch/cloudant-address.ts';
import { basicCredential, type Credential } from '#service/couch/credential.ts';
import { readStoreFile } from '#service/couch/store-file.ts';

/** Where a store is, and how to be let in. The URL holds no credential and no slash at its end. */
export interface StoreAddress {
	readonly url: string;
	readonly credential: Credential;
}

/** Finds the store. Asked again whenever the store at the last answer is not there any more. */
export type ResolveStore = () => Promise<StoreAddress>;

/**
 * An address as `COUCH_URL` has it, `https://user:password@host/path`.
 *
 * @throws {Error} when it is no http address; the message does not repeat it, for it may hold a password.
 */
export function toStoreAddress(couchUrl: string): StoreAddress {
	if (!URL.canParse(couchUrl)) throw new Error('COUCH_URL is not a URL');
	const url = new URL(couchUrl);
	if (!/^https?:$/.test(url.protocol)) throw new Error('COUCH_URL must begin with http(s)://');
	const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
	url.username = url.password = url.search = url.hash = '';
	return {
		url: url.href.replace(/\/+$/, ''),
		credential: user ? basicCredential(user, password) : { authorization: async () => '' }
	};
}

/** The store of `COUCH_URL`, a Cloudant, or else the one that says in `dataDir` where it runs. */
export function toStoreResolver(options: {
	couchUrl?: string | undefined;
	cloudant?: CloudantSource | undefined;
	dataDir: string;
}): ResolveStore {
	if (options.couchUrl) {
		const address = toStoreAddress(options.couchUrl);
		return async () => address;
	}
	if (options.cloudant) return toCloudantResolver(options.cloudant);
	return async () => {
		const file = await readStoreFile(options.dataDir);
		if (!file) throw new Error('no embedded store runs on DATA_DIR');
		return { url: file.url, credential: basicCredential(file.user, file.password) };
	};
}
