import * as argon2 from '@node-rs/argon2';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type RunningService, runService } from '#tests/support/run-service.ts';
import { PASSWORD, type Person, postJson, signIn, signUp } from '#tests/service/people.ts';

vi.mock('@node-rs/argon2', { spy: true });

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

test('an unknown email is as much work as a wrong password, also the first one', async () => {
	const unknown = await listWork('nobody@example.org');
	expect(unknown).toEqual(['verify m=19456,t=2,p=1']);
	expect(await listWork(ann.email)).toEqual(unknown);
});
