import type { SignUpMode } from '#contract/account.ts';
import type { AccountParts } from '#service/accounts/account-parts.ts';
import { createAccountStore } from '#service/accounts/account-store.ts';
import { createEndings } from '#service/accounts/endings.ts';
import { type Invites, noInvites } from '#service/accounts/invites.ts';
import { createKnownDevices } from '#service/accounts/known-devices.ts';
import { createCounters, DEFAULT_LIMITS, type Limits } from '#service/accounts/limits.ts';
import type { RemoveWithAccount } from '#service/accounts/remove-account.ts';
import type { Rows } from '#service/accounts/rows.ts';
import { createSessions } from '#service/accounts/sessions.ts';
import { createThrottle } from '#service/accounts/throttle.ts';
import { createLedgerDatabases, type LedgerDatabases } from '#service/ledgers/ledger-databases.ts';
import type { Placements } from '#service/ledgers/placements.ts';

export interface AccountOptions {
	signUpMode?: SignUpMode;
	limits?: Partial<Limits>;
	/** Absent: there are none, and `SIGN_UP=invite` lets nobody in. */
	invites?: Invites;
	/** Where ledgers get their databases from. */
	databases?: LedgerDatabases;
	/** Told whenever somebody is held back, by which limit. */
	onHeldBack?: ((limit: string) => void) | undefined;
	/** What else goes with an account. */
	removeWithAccount?: readonly RemoveWithAccount[];
}

/** Puts together what is about accounts. */
export function openAccounts(
	rows: Rows,
	placements: Placements,
	options: AccountOptions = {}
): AccountParts {
	const endings = createEndings();
	return {
		accounts: createAccountStore(rows),
		sessions: createSessions(rows, endings),
		endings,
		throttle: createThrottle(rows, options.onHeldBack),
		counters: createCounters({ ...DEFAULT_LIMITS, ...options.limits }),
		devices: createKnownDevices(rows),
		placements,
		databases: options.databases ?? createLedgerDatabases(rows, placements),
		signUpMode: options.signUpMode ?? 'open',
		invites: options.invites ?? noInvites,
		removeWithAccount: options.removeWithAccount ?? []
	};
}
