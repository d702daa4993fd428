import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { eventually } from '#tests/support/eventually.ts';
import { runCommand } from '#tests/support/run-command.ts';
import { removePerson, type ServiceProcess, spawnService } from '#tests/support/run-service.ts';
import { type Person, signIn, signUp } from '#tests/service/people.ts';

let service: ServiceProcess;
/** The one that has the folder. */
let first: ServiceProcess;
let ann: Person;
beforeAll(async () => {
	service = first = await spawnService();
	ann = await signUp(service.url);
});
afterAll(async () => {
	await service.clean();
	await first.clean();
	await removePerson(ann);
});

const run = (args: string[], env: Record<string, string> = {}) =>
	runCommand('admin/command.ts', args, { ...service.storeEnv, ...env });

async function readStatus(): Promise<number> {
	return (await ann.send('/api/admin/accounts')).status;
}

test('the first admin is made while the service runs, and no admin any more within five seconds', async () => {
	expect(await readStatus()).toBe(403);
	expect(await run(['grant', ann.email.toUpperCase()])).toEqual({
		code: 0,
		stdout: `${ann.email} is an admin.\n`,
		stderr: ''
	});
	await vi.waitFor(async () => expect(await readStatus()).toBe(200), { timeout: 6_000 });
	expect((await run(['list'])).stdout.split('\n')).toContain(ann.email);

	const invited = await ann.ask('POST', '/api/admin/invites', { email: 'bob@example.org' });
	const { id, code } = (await invited.json()) as { id: string; code: string };
	const line = await eventually(() => {
		const found = /.*an admin acted.*/.exec(service.output())?.[0];
		expect(found).toBeDefined();
		return JSON.parse(found ?? '') as object;
	});
	expect(line).toMatchObject({ by: ann.accountId, what: 'invite', whom: id });
	expect((await ann.ask('DELETE', `/api/admin/invites/${id}`)).status).toBe(204);
	for (const secret of ['example.org', code]) expect(service.output()).not.toContain(secret);

	expect(await run(['revoke', ann.email])).toMatchObject({ code: 0 });
	expect((await run(['list'])).stdout.split('\n')).not.toContain(ann.email);
	await vi.waitFor(async () => expect(await readStatus()).toBe(403), { timeout: 6_000 });
});

test('an admin is made while the service does not run', async () => {
	await service.end();
	expect(await run(['grant', ann.email])).toMatchObject({ code: 0 });
	service = await spawnService({ dataDir: service.dataDir });
	ann = await signIn(service.url, ann.email);
	expect(await readStatus()).toBe(200);
	expect(await run(['revoke', ann.email])).toMatchObject({ code: 0 });
});

test.each([
	[['grant', 'nobody@example.org'], /^There is no account with nobody@example\.org/],
	[['grant', 'nobody'], /^nobody is no email\.$/m],
	[['grant'], /^Usage: /],
	[['list', 'all'], /^Usage: /],
	[[], /^Usage: /]
])('%j is refused in a sentence', async (args, sentence) => {
	const { code, stdout, stderr } = await run(args);
	expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
	expect(stderr).toMatch(sentence);
});

test('a store that is not there is a sentence without its credential', async () => {
	const answers = [
		await run(['list'], { COUCH_URL: '', DATA_DIR: join(service.dataDir, 'none') }),
		await run(['list'], { COUCH_URL: 'http://user:hidden@127.0.0.1:1' }),
		await run(['list'], { COUCH_URL: 'couch://user:hidden@127.0.0.1:1' })
	];
	for (const { code, stderr } of answers) {
		expect(code).toBe(1);
		expect(stderr.trim().split('\n')).toHaveLength(1);
		expect(stderr).not.toContain('hidden');
	}
});

test('with a Cloudant no folder is asked for', async () => {
	const { code, stderr } = await run(['list'], {
		COUCH_URL: '',
		DATA_DIR: join(service.dataDir, 'none'),
		CLOUDANT_URL: 'http://127.0.0.1:1',
		CLOUDANT_APIKEY: 'hidden',
		IAM_TOKEN_URL: 'http://127.0.0.1:1/token'
	});
	expect(code).toBe(1);
	expect(stderr).toMatch(/^The store cannot be used: IAM/);
	expect(stderr).not.toContain('hidden');
});
