import * as argon2 from '@node-rs/argon2';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { HashingBusy, hashPassword } from '#service/accounts/password.ts';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { PASSWORD, type Person, postJson, signIn, signUp } from '#tests/service/people.ts';

vi.mock('@node-rs/argon2', { spy: true });
vi.mock('#service/accounts/password.ts', { spy: true });

let service: RunningService;
let ann: Person;
beforeAll(async () => {
	service = await runService();
	ann = await signUp(service.url);
	await signIn(service.url, ann.email);
});
afterAll(() => service.stop());

/** What is hashed and verified, at which cost, when somebody tries to sign in. */
async function listWork(email: string): Promise<string[]> {
	vi.mocked(argon2.hash).mockClear();
	vi.mocked(argon2.verify).mockClear();
	const body = { email, password: `not ${PASSWORD}` };
	expect((await postJson(`${service.url}/api/session`, body)).status).toBe(401);
	return [
		...vi.mocked(argon2.hash).mock.calls.map(() => 'hash'),
		...vi
			.mocked(argon2.verify)
			.mock.calls.map(([hashed]) => `verify ${String(hashed).split('$')[3]}`)
	];
}

async function putHash(passwordHash: string): Promise<void> {
	const { real, accountsDatabase } = service.store;
	const row = await real.client.find(accountsDatabase, `account:${ann.accountId}`);
	await real.client.put(accountsDatabase, { ...row!, passwordHash });
}

test('an unknown email is as much work as a wrong password, also the first one', async () => {
	const unknown = await listWork('nobody@example.org');
	expect(unknown).toEqual(['verify m=19456,t=2,p=1']);
	expect(await listWork(ann.email)).toEqual(unknown);
});

test.each([
	{ memoryCost: 4096, timeCost: 1, parallelism: 1 },
	{ memoryCost: 12_288, timeCost: 3, parallelism: 1 },
	{ memoryCost: 9216, timeCost: 4, parallelism: 1 }
])('a wrong password against a hash of old, at %j, is as much work as well', async (cost) => {
	const toWork = (m: unknown, t: unknown) => Number(m) * Number(t);
	const old = await argon2.hash(PASSWORD, { algorithm: 2, ...cost });
	await putHash(old);
	await listWork(ann.email);
	const worked = [
		...vi.mocked(argon2.verify).mock.calls.map(([hashed]) => {
			const [, m, t] = /m=(\d+),t=(\d+)/.exec(String(hashed)) ?? [];
			return toWork(m, t);
		}),
		...vi
			.mocked(argon2.hash)
			.mock.calls.map(([, options]) => toWork(options?.memoryCost, options?.timeCost))
	];
	expect(worked.reduce((sum, one) => sum + one)).toBe(19_456 * 2);
});

test('a password that cannot be hashed anew at the moment lets in all the same', async () => {
	const { real, accountsDatabase } = service.store;
	const cost = { algorithm: 2, memoryCost: 4096, timeCost: 1, parallelism: 1 };
	const old = await argon2.hash(PASSWORD, cost);
	await putHash(old);
	const readHash = async () =>
		(await real.client.find(accountsDatabase, `account:${ann.accountId}`))?.passwordHash;

	vi.mocked(hashPassword).mockRejectedValueOnce(new HashingBusy('busy'));
	await signIn(service.url, ann.email);
	expect(await readHash()).toBe(old);
	await signIn(service.url, ann.email);
	expect(await readHash()).toMatch(/m=19456,t=2,p=1/);
});
