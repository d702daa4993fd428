import type { SignUpMode } from '#contract/account.ts';
import type { AccountStore } from '#service/accounts/account-store.ts';
import type { Endings } from '#service/accounts/endings.ts';
import type { Invites } from '#service/accounts/invites.ts';
import type { KnownDevices } from '#service/accounts/known-devices.ts';
import type { Counters } from '#service/accounts/limits.ts';
import type { RemoveWithAccount } from '#service/accounts/remove-account.ts';
import type { Sessions } from '#service/accounts/sessions.ts';
import type { Throttle } from '#service/accounts/throttle.ts';
import type { LedgerDatabases } from '#service/ledgers/ledger-databases.ts';
import type { Placements } from '#service/ledgers/placements.ts';

/** What everything about accounts is made from. */
export interface AccountParts {
	accounts: AccountStore;
	sessions: Sessions;
	endings: Endings;
	throttle: Throttle;
	counters: Counters;
	devices: KnownDevices;
	placements: Placements;
	databases: LedgerDatabases;
	signUpMode: SignUpMode;
	invites: Invites;
	/** What else goes with an account. */
	removeWithAccount: readonly RemoveWithAccount[];
}
