import { resolve } from 'node:path';
import type { Config } from '#service/config.ts';
import { toStoreResolver } from '#service/couch/store-address.ts';
import { type OpenStore, openStore } from '#service/open-store.ts';
import {
	type CloudantFaults,
	type FakeCloudant,
	startFakeCloudant
} from '#tests/support/fake-cloudant.ts';

/** How long a token lives, in seconds: several end while a suite runs. */
const TOKEN_SECONDS = 5;

/** The store of the configuration, behind a Cloudant that people reach with IAM's tokens. */
export async function openBehindCloudant(
	{ couchUrl, dataDir }: Pick<Config, 'couchUrl' | 'dataDir'>,
	faults: Partial<CloudantFaults>
): Promise<OpenStore & { cloudant: FakeCloudant }> {
	const behind = await openStore({ couchUrl, dataDir }, () => {});
	const address = await toStoreResolver({ couchUrl, dataDir: resolve(dataDir) })();
	const fake = await startFakeCloudant(address, faults, TOKEN_SECONDS);
	const { url, tokenUrl, iam } = fake;
	const credentials = { url, apiKey: iam.apiKey, username: undefined, password: undefined };
	const store = await openStore(
		{ couchUrl: undefined, cloudant: { credentials, tokenUrl }, dataDir },
		() => {}
	);
	return {
		...store,
		cloudant: fake,
		async stop() {
			await fake.stop();
			await behind.stop();
		}
	};
}
