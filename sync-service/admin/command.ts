import { Email } from '#contract/account.ts';
import { createAccountStore } from '#service/accounts/account-store.ts';
import { ACCOUNTS_DATABASE, openRows } from '#service/accounts/rows.ts';
import { type Admins, createAdmins } from '#service/admin/admins.ts';
import type { Config } from '#service/config.ts';
import { openStore } from '#service/open-store.ts';
import { type Outcome, runCommand } from '#service/run-command.ts';

/**
 * `npm run admin`: who may look after the accounts, said by whoever can start the service. It reads the service's
 * environment, whether the service runs or not. What is granted or revoked holds within five seconds.
 */
const USAGE = `Usage: npm run admin -- grant <email>
       npm run admin -- revoke <email>
       npm run admin -- list`;

interface Asked {
	what: 'grant' | 'revoke' | 'list';
	/** Whose; with `list`, nothing. */
	given: string;
}

function readArguments([what = '', given = '', ...more]: string[]): Asked | undefined {
	if (more.length > 0) return undefined;
	if (what === 'list') return given === '' ? { what, given } : undefined;
	return (what === 'grant' || what === 'revoke') && given !== '' ? { what, given } : undefined;
}

async function main({ what, given }: Asked, config: Config): Promise<Outcome> {
	const store = await openStore(config, () => {});
	try {
		const accounts = createAccountStore(
			openRows(store.client, store.provisioner, ACCOUNTS_DATABASE)
		);
		const admins = createAdmins(accounts);
		if (what === 'list') return { said: await list(admins) };
		const email = Email.safeParse(given);
		if (!email.success) return { problem: `${given} is no email.` };
		const account = await accounts.findAccountByEmail(email.data);
		const done = account && (await admins[what](account.id));
		switch (done) {
			case 'granted':
				return { said: `${email.data} is an admin.` };
			case 'revoked':
				return { said: `${email.data} is no admin any more.` };
			default:
				return { problem: `There is no account with ${email.data}: sign up with it first.` };
		}
	} finally {
		await store.stop();
	}
}

async function list(admins: Admins): Promise<string> {
	const found = await admins.list();
	if (found.length === 0) return 'There is no admin.';
	return found
		.map(({ email, suspended }) => (suspended ? `${email} (suspended)` : email))
		.sort()
		.join('\n');
}

await runCommand(USAGE, readArguments(process.argv.slice(2)), main);
