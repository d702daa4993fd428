import { expect } from 'vitest';
import { AdminAccounts } from '#contract/admin.ts';
import { createAccountStore } from '#service/accounts/account-store.ts';
import { openRows, type Rows } from '#service/accounts/rows.ts';
import { type Admins, createAdmins } from '#service/admin/admins.ts';
import type { RunningService } from '#tests/support/run-service.ts';
import { type Person, signUp } from '#tests/service/people.ts';

/** The accounts' rows as they are, past the service. */
export function toRows({ store }: Pick<RunningService, 'store'>): Rows {
	return openRows(store.real.client, store.real.provisioner, store.accountsDatabase);
}

export function toAdmins(service: Pick<RunningService, 'store'>): Admins {
	return createAdmins(createAccountStore(toRows(service)));
}

/** Signs somebody up and makes an admin of them, as the command does. */
export async function signUpAdmin(service: RunningService): Promise<Person> {
	const person = await signUp(service.url);
	await toAdmins(service).grant(person.accountId);
	return person;
}

/** The accounts that an admin finds. */
export async function findAccountsAs(admin: Person, search: string) {
	const answer = await admin.send(`/api/admin/accounts?${new URLSearchParams({ search })}`);
	expect(answer.status).toBe(200);
	return AdminAccounts.parse(await answer.json()).accounts;
}

/** Changes an account as an admin does. */
export async function changeAccountAs(admin: Person, { accountId }: Person, body: object) {
	const answer = await admin.ask('PATCH', `/api/admin/accounts/${accountId}`, body);
	return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
