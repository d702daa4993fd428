import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '#tests/support/run-command.ts';
import { removePerson, type ServiceProcess, spawnService } from '#tests/support/run-service.ts';
import { type Person, pushDocuments, signUp, toRevision } from '#tests/service/people.ts';

let folder: string;
let service: ServiceProcess;
let ann: Person;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'outlay-placements-'));
	for (const name of ['full', 'second']) await mkdir(join(folder, name));
	await writeFile(join(folder, 'placements.json'), PLACEMENTS);
	service = await spawnService({ env: { PLACEMENTS_FILE: join(folder, 'placements.json') } });
	ann = await signUp(service.url);
	await pushDocuments(ann, toRevision('a'), toRevision('b', { note: 'secret' }));
});
afterAll(async () => {
	await service.clean();
	await removePerson(ann);
	await rm(folder, { recursive: true });
});

const PLACEMENTS = JSON.stringify({
	placements: [
		{ name: 'primary' },
		{ name: 'full', capacity: 0, embedded: { dataDir: 'full' } },
		{ name: 'second', embedded: { dataDir: 'second' } }
	]
});

/** As `npm run ledger:move` does, in the service's own environment. */
const run = (args: string[], env: Record<string, string> = {}) =>
	runCommand('ledgers/move-command.ts', args, {
		...service.storeEnv,
		PLACEMENTS_FILE: join(folder, 'placements.json'),
		...env
	});

// A move waits for most of its time.
test.concurrent(
	'a ledger is moved while the service runs, by its person’s email; asked again, it is there',
	async () => {
		const seen = async () => {
			const answer = await ann.send(`/sync/${ann.ledgerId}/_changes`);
			const { results } = (await answer.json()) as { results: { id: string }[] };
			return results.map(({ id }) => id).toSorted();
		};
		const greet = async () => (await ann.send('/sync/')).text();
		const before = await greet();
		const { code, stdout, stderr } = await run([ann.email, '--to', 'second']);
		expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/copied[^]*held/) });
		expect(stdout).toMatch(
			new RegExp(
				`^Ledger ${ann.ledgerId} was moved from primary to second; writes were held for \\d+\\.\\d s\\.\n$`
			)
		);
		expect(stdout + stderr).not.toMatch(/secret|example\.org/);
		expect(await greet()).not.toBe(before);
		expect(await seen()).toEqual(['a', 'b']);
		await pushDocuments(ann, toRevision('c'));
		expect(await seen()).toEqual(['a', 'b', 'c']);
		expect(await run([ann.ledgerId, '--to', 'second'])).toEqual({
			code: 0,
			stdout: `Ledger ${ann.ledgerId} is in second already.\n`,
			stderr: ''
		});
	},
	60_000
);

test.concurrent.each([
	[['nobody', '--to', 'second'], /^Ledger nobody was not moved: there is no such ledger/],
	[['nobody@example.org', '--to', 'second'], /^There is no account with nobody@example\.org\.$/],
	[['nobody', '--to', 'third'], /^There is no placement third\. .* primary, full, second\.$/],
	[['nobody'], /^Usage: npm run ledger:move /],
	[['--to', 'second'], /^Usage: /],
	[['one', 'two', '--to', 'second'], /^Usage: /],
	[['one', '--from', 'second'], /^Usage: /]
])('%j is refused in a sentence', async (args, sentence) => {
	const { code, stdout, stderr } = await run(args);
	expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
	expect(stderr.trim()).toMatch(sentence);
	expect(stderr.trim().split('\n')).toHaveLength(1);
});

test.concurrent(
	'a placement without room, and a file that is not right, are sentences, and nothing moves',
	async () => {
		const broken = join(folder, 'broken.json');
		await writeFile(
			broken,
			'{"placements": [{"name": "second", "couch": {"password": "hidden"}}]}'
		);
		const bob = await signUp(service.url);
		const ends = await Promise.all([
			run([bob.ledgerId, '--to', 'full']),
			run([bob.ledgerId, '--to', 'second'], { PLACEMENTS_FILE: broken }),
			run([bob.ledgerId, '--to', 'second'], { PLACEMENTS_FILE: join(folder, 'none.json') }),
			run([bob.ledgerId, '--to', 'second'], { PLACEMENTS_FILE: '' })
		]);
		expect(ends.map(({ code, stdout }) => ({ code, stdout }))).toEqual(
			ends.map(() => ({ code: 1, stdout: '' }))
		);
		expect(ends.map(({ stderr }) => stderr.trim())).toEqual([
			`Ledger ${bob.ledgerId} was not moved: placement full has no room for another database.`,
			expect.stringMatching(/^PLACEMENTS_FILE, line 1/),
			'PLACEMENTS_FILE cannot be read: ENOENT.',
			'There is no placement second. There are: primary.'
		]);
		expect(JSON.stringify(ends)).not.toContain('hidden');
		await pushDocuments(bob, toRevision('a'));
		await removePerson(bob);
	}
);
