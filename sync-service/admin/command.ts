import { existsSync } from 'node:fs';
import { Email } from '#contract/account.ts';
import { createAccountStore } from '#service/accounts/account-store.ts';
import { ACCOUNTS_DATABASE, openRows } from '#service/accounts/rows.ts';
import { type Admins, createAdmins } from '#service/admin/admins.ts';
import { readConfig } from '#service/config.ts';
import { StoreUnavailable } from '#service/couch/client.ts';
import { StoreBusy } from '#service/couch/embedded/store-lock.ts';
import { openStore } from '#service/open-store.ts';

/**
 * `npm run admin`: who may look after the accounts, said by whoever can start the service. It reads the service's
 * environment, whether the service runs or not. What is granted or revoked holds within five seconds.
 */
const USAGE = `Usage: npm run admin -- grant <email>
       npm run admin -- revoke <email>
       npm run admin -- list`;

/** Does what was asked for; a sentence in `problem` where it cannot. */
type Outcome = { said: string } | { problem: string };

async function main([what = '', given = '', ...more]: string[]): Promise<Outcome> {
	const isList = what === 'list' && given === '';
	const isChange = (what === 'grant' || what === 'revoke') && given !== '';
	if ((!isList && !isChange) || more.length > 0) return { problem: USAGE };
	const verdict = readConfig(process.env);
	if (!verdict.ok) return { problem: verdict.sentences.join('\n') };
	const { config } = verdict;
	if (config.couchUrl === undefined && !existsSync(config.dataDir)) {
		return { problem: `DATA_DIR ${config.dataDir} is not there: start the service first.` };
	}
	const store = await openStore(config, () => {});
	try {
		const accounts = createAccountStore(
			openRows(store.client, store.provisioner, ACCOUNTS_DATABASE)
		);
		const admins = createAdmins(accounts);
		if (isList) return { said: await list(admins) };
		const email = Email.safeParse(given);
		if (!email.success) return { problem: `${given} is no email.` };
		const account = await accounts.findAccountByEmail(email.data);
		const done = account && (await admins[what as 'grant' | 'revoke'](account.id));
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

/** For a person; what is not foreseen keeps its stack. No message of ours holds a credential. */
function toSentence(error: unknown): string {
	if (error instanceof StoreBusy) return error.message;
	if (error instanceof StoreUnavailable) return `The store cannot be used: ${error.message}.`;
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const outcome = await main(process.argv.slice(2)).catch((error: unknown) => ({
	problem: toSentence(error)
}));
if ('said' in outcome) process.stdout.write(`${outcome.said}\n`);
else {
	process.stderr.write(`${outcome.problem}\n`);
	process.exitCode = 1;
}
