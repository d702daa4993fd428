import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '#service/config.ts';
import { CredentialMissing, readMountedCredentials } from '#service/couch/cloudant-credentials.ts';

const URL_OF_ANN = 'https://ann.cloudantnosqldb.appdomain.cloud';

function read(environment: Record<string, string>) {
	const verdict = readConfig(environment);
	if (!verdict.ok) throw new Error(verdict.sentences.join(' '));
	return verdict.config.cloudant;
}

function bind(...bound: object[]): Record<string, string> {
	const services = { cloudantNoSQLDB: bound.map((credentials) => ({ credentials })) };
	return { VCAP_SERVICES: JSON.stringify({ ...services, 'p-redis': [{}] }) };
}

test.each([
	[
		'an API key',
		{ CLOUDANT_URL: `${URL_OF_ANN}/`, CLOUDANT_APIKEY: 'key' },
		{ url: URL_OF_ANN, apiKey: 'key' }
	],
	[
		'a user name and a password',
		{ CLOUDANT_URL: URL_OF_ANN, CLOUDANT_USERNAME: 'ann', CLOUDANT_PASSWORD: 'pass' },
		{ url: URL_OF_ANN, username: 'ann', password: 'pass', apiKey: undefined }
	],
	[
		'an address that holds both',
		{ CLOUDANT_URL: 'https://ann:p%40ss@ann.example.org' },
		{ url: 'https://ann.example.org', username: 'ann', password: 'p@ss' }
	],
	[
		'what Cloud Foundry binds',
		bind({ apikey: 'key', host: 'ann.example.org', username: 'ann', password: 'p' }),
		{ url: 'https://ann.example.org', apiKey: 'key' }
	],
	[
		'what somebody set, before what is bound',
		{
			...bind({ apikey: 'bound', host: 'bob.example.org' }),
			CLOUDANT_URL: URL_OF_ANN,
			CLOUDANT_APIKEY: 'key'
		},
		{ url: URL_OF_ANN, apiKey: 'key' }
	]
])('%s is read', (_what, environment, credentials) => {
	expect(read(environment as unknown as Record<string, string>)).toMatchObject({ credentials });
});

test('another CouchDB goes before what is bound, and other bindings are none of ours', () => {
	const bound = bind({ apikey: 'key', host: 'ann.example.org' });
	expect(read({ ...bound, COUCH_URL: 'http://couch.example.org' })).toBeUndefined();
	expect(read({ VCAP_SERVICES: '{"p-redis":[{}]}' })).toBeUndefined();
});

test.each([
	['no address', { CLOUDANT_APIKEY: 'hidden' }],
	['no credential', { CLOUDANT_URL: URL_OF_ANN }],
	['half a credential', { CLOUDANT_URL: URL_OF_ANN, CLOUDANT_PASSWORD: 'hidden' }],
	['two stores', { CLOUDANT_URL: URL_OF_ANN, COUCH_URL: 'http://ann:hidden@couch.example.org' }],
	['two Cloudants bound', bind({ apikey: 'hidden', host: 'a.org' }, { host: 'b.org' })],
	['a binding that is not JSON', { VCAP_SERVICES: '{hidden' }],
	['tokens in the clear', { IAM_TOKEN_URL: 'http://iam.hidden.org/identity/token' }]
])('%s is refused in a sentence that repeats nothing', (_what, environment) => {
	const verdict = readConfig(environment as unknown as Record<string, string>);
	if (verdict.ok) throw new Error('It was accepted.');
	expect(verdict.sentences).toHaveLength(1);
	expect(verdict.sentences[0]).not.toContain('hidden');
});

test('a folder without a secret is said to be one', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'outlay-secret-'));
	await expect(readMountedCredentials(folder)).rejects.toThrow(CredentialMissing);
	await rm(folder, { recursive: true });
	await expect(readMountedCredentials(folder)).rejects.toThrow('CLOUDANT_SECRET_DIR');
});
