import { parseArgs } from 'node:util';
import { Email } from '#contract/account.ts';
import { createAccountStore } from '#service/accounts/account-store.ts';
import { ACCOUNTS_DATABASE, openRows } from '#service/accounts/rows.ts';
import { createLedgerDatabases } from '#service/ledgers/ledger-databases.ts';
import { type Move, moveLedger } from '#service/ledgers/move-ledger.ts';
import type { Config } from '#service/config.ts';
import { type OpenPlacements, openPlacements } from '#service/open-placements.ts';
import { type Outcome, runCommand } from '#service/run-command.ts';

/**
 * `npm run ledger:move`: brings one ledger to another placement while its devices go on. It reads the service's
 * environment, whether the service runs or not; run again, it goes on where it was broken off.
 */
const USAGE = 'Usage: npm run ledger:move -- <ledger id or email> --to <placement>';

interface Asked {
	/** A ledger's id, or the email of who has it. */
	whose: string;
	/** A placement's name. */
	to: string;
}

async function main({ whose, to }: Asked, config: Config): Promise<Outcome> {
	const stores = await openPlacements(config, () => {});
	try {
		return await move(stores, whose, to);
	} finally {
		await stores.stop();
	}
}

async function move({ placements }: OpenPlacements, whose: string, to: string): Promise<Outcome> {
	const names = placements.inOrder.map(({ name }) => name);
	if (!names.includes(to)) {
		return { problem: `There is no placement ${to}. There are: ${names.join(', ')}.` };
	}
	const { client, provisioner } = placements.home;
	const rows = openRows(client, provisioner, ACCOUNTS_DATABASE);
	const email = Email.safeParse(whose);
	let ledgerId: string | undefined = whose;
	if (email.success) {
		ledgerId = (await createAccountStore(rows).findAccountByEmail(email.data))?.ledgerId;
	}
	if (ledgerId === undefined) return { problem: `There is no account with ${whose}.` };
	const databases = createLedgerDatabases(rows, placements);
	const say = (progress: string) => void process.stderr.write(`${progress}\n`);
	const moved = await moveLedger({ rows, placements, databases, say }, ledgerId, to);
	return describe(moved, ledgerId, to);
}

function describe(moved: Move, ledgerId: string, to: string): Outcome {
	if (!moved.ok) {
		const again = ['away', 'busy'].includes(moved.problem)
			? ' Nothing is lost; run it again to go on.'
			: '';
		return { problem: `Ledger ${ledgerId} was not moved: ${moved.said}.${again}` };
	}
	switch (moved.what) {
		case 'there-already':
			return { said: `Ledger ${ledgerId} is in ${to} already.` };
		case 'holds-nothing':
			return { said: `Ledger ${ledgerId} has no database: its next use makes one.` };
		case 'moved': {
			const seconds = (moved.heldMs / 1000).toFixed(1);
			return {
				said: `Ledger ${ledgerId} was moved from ${moved.from} to ${to}; writes were held for ${seconds} s.`
			};
		}
	}
}

function readArguments(args: string[]): Asked | undefined {
	try {
		const { values, positionals } = parseArgs({
			args,
			options: { to: { type: 'string' } },
			allowPositionals: true
		});
		const [whose, ...more] = positionals;
		if (!whose || !values.to || more.length > 0) return undefined;
		return { whose, to: values.to };
	} catch {
		return undefined;
	}
}

await runCommand(USAGE, readArguments(process.argv.slice(2)), main);
