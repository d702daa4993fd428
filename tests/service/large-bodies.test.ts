import { afterAll, beforeAll, expect, test } from 'vitest';
import { removePerson, type ServiceProcess, spawnService } from '#tests/support/run-service.ts';
import { type Person, type RawAnswer, sendRaw, signUp, toRevision } from '#tests/service/people.ts';

/** Megabytes of memory that the service may have for its objects. */
const HEAP_MB = 256;
const CLIENTS = 30;

let service: ServiceProcess;
let people: Person[];

beforeAll(async () => {
	service = await spawnService({ env: { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` } });
	people = [];
	for (let count = 0; count < CLIENTS; count++) people.push(await signUp(service.url));
}, 60_000);
afterAll(async () => {
	for (const person of people) await removePerson(person);
	await service.clean();
}, 60_000);

test(
	`${CLIENTS} large bodies at once do not fill the memory: who finds no room is told when to come again`,
	{ timeout: 90_000 },
	async () => {
		// Small objects take the most memory for their text: some twenty times as much.
		const lines = Array.from({ length: 8_000 }, (_, n) => ({
			n,
			text: `line ${n}`,
			parts: [1, 2, 3]
		}));
		const docs = Array.from({ length: 12 }, (_, at) => toRevision(`large-${at}`, { lines }));
		const body = JSON.stringify({ docs, new_edits: false });
		const send = ({ ledgerId, cookie }: Person): Promise<RawAnswer> => {
			const length = { 'content-length': String(body.length) };
			const headers = { cookie, 'content-type': 'application/json', ...length };
			return sendRaw(service.url, 'POST', `/sync/${ledgerId}/_bulk_docs`, headers, body);
		};
		const answers = await Promise.all(people.map(send));

		const taken = answers.filter(({ status }) => status === 201);
		expect(taken.length).toBeGreaterThan(0);
		for (const { status, headers, text } of answers) {
			if (status === 201) continue;
			expect(status).toBe(503);
			expect(JSON.parse(text)).toMatchObject({ error: 'busy' });
			expect(Number(headers['retry-after'])).toBeGreaterThan(0);
		}
		const [ann] = people;
		expect((await ann?.send('/sync/'))?.status).toBe(200);
	}
);
