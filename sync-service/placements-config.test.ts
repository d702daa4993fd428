import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPlacements } from '#service/placements-config.ts';

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'outlay-placements-'));
	await writeFile(join(folder, 'password'), 'pa:ss/word\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(text: string) {
	const file = join(folder, 'placements.json');
	await writeFile(file, text);
	return readPlacements(file, 'https://iam.example.org/token');
}

const url = 'https://store.example.org';

test('every kind of store is understood, and its capacity', async () => {
	const placements = [
		{ name: 'primary', plan: 'standard' },
		{ name: 'couch', couch: { url, username: 'ann', passwordFile: 'password' }, capacity: 9 },
		{ name: 'cloud', cloudant: { url, apiKey: 'key' }, plan: 'lite' },
		{ name: 'old', cloudant: { url, username: 'ann', password: 'secret' }, capacity: 0 },
		{ name: 'mounted', cloudant: { secretDir: 'binding' } },
		{ name: 'disk', embedded: { dataDir: 'disk' } }
	];
	const tokenUrl = 'https://iam.example.org/token';
	const nobody = { apiKey: undefined, username: undefined, password: undefined };
	expect(await read(JSON.stringify({ placements }))).toEqual({
		homeCapacity: 200,
		further: [
			{
				name: 'couch',
				capacity: 9,
				store: { couchUrl: 'https://ann:pa%3Ass%2Fword@store.example.org/' }
			},
			{
				name: 'cloud',
				capacity: 20,
				store: { cloudant: { credentials: { url, ...nobody, apiKey: 'key' }, tokenUrl } }
			},
			{
				name: 'old',
				capacity: 0,
				store: {
					cloudant: {
						credentials: { url, ...nobody, username: 'ann', password: 'secret' },
						tokenUrl
					}
				}
			},
			{
				name: 'mounted',
				capacity: undefined,
				store: { cloudant: { secretDir: join(folder, 'binding'), tokenUrl } }
			},
			{ name: 'disk', capacity: undefined, store: { dataDir: join(folder, 'disk') } }
		]
	});
});

const line = (entry: string) => `{ "placements": [\n{ "name": "primary" },\n${entry}\n] }`;

test.each([
	['{\n"placements": [\nhidden', /^PLACEMENTS_FILE, line 3: this is not JSON\.$/],
	['[]', /line 1: "placements" must be a list/],
	['{ "placements": [] }', /line 1: "placements" must be a list/],
	[line('{ "name": "B" }'), /line 3: "name" must be lower-case/],
	[line('{ "name": "b", "capacity": -1 }'), /line 3: "capacity" must be a whole number/],
	[line('{ "name": "b", "hidden": 1 }'), /line 3: a field of that name means nothing/],
	[line('{ "name": "b" }'), /line 3: a placement has one of/],
	[line('{ "name": "b", "couch": {},\n"embedded": { "dataDir": "d" } }'), /line 3: "url" must be/],
	[
		line(`{ "name": "b",\n"couch": { "url": "https://hidden@a.org", "username": "u" } }`),
		/line 4: "url" must be/
	],
	[line(`{ "name": "b",\n"couch": { "url": "${url}", "username": "u" } }`), /line 4: "couch" must/],
	[line(`{ "name": "b",\n"cloudant": { "url": "${url}" } }`), /line 4: "cloudant" must have/],
	[
		line(
			`{ "name": "b",\n"cloudant": { "url": "${url}",\n"apiKey": "hidden", "apiKeyFile": "password" } }`
		),
		/line 5: only one of "apiKey" and "apiKeyFile"/
	],
	[
		line(`{ "name": "b",\n"cloudant": { "url": "${url}",\n"apiKeyFile": "none" } }`),
		/line 5: the file of "apiKeyFile" cannot be read: ENOENT/
	],
	[line('{ "name": "primary" }'), /line 3: "primary" is the store of the environment/],
	[
		line(
			'{ "name": "b", "embedded": { "dataDir": "d" } },\n{ "name": "b", "embedded": { "dataDir": "d" } }'
		),
		/line 4: another placement has that name/
	]
])('%s is a sentence', async (text, sentence) => {
	const refused = read(text);
	await expect(refused).rejects.toThrow(sentence);
	await expect(refused).rejects.not.toThrow(/hidden/);
});

test('a file that is not there is a sentence', async () => {
	await expect(readPlacements(join(folder, 'none'))).rejects.toThrow(
		'PLACEMENTS_FILE cannot be read: ENOENT.'
	);
});
