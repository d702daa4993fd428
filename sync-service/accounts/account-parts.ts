import type { SignUpMode } from '#contract/account.ts';
import type { AccountStore } from '#service/accounts/account-store.ts';
import type { Endings } from '#service/accounts/endings.ts';
import type { Invites } from '#service/accounts/invites.ts';
import type { KnownDevices } from '#service/accounts/known-devices.ts';
import type { Counters } from '#service/accounts/limits.ts';
import type { RemoveWithAccount } from '#service/accounts/remove-account.ts';
import type { Sessions } from '#service/accounts/sessions.ts';
import type { Throttle } from '#service/accounts/throttle.ts';
import type { Provisioner } from '#service/ledgers/provision.ts';

/** What everything about accounts is made from. */
export interface AccountParts {
	accounts: AccountStore;
	sessions: Sessions;
	endings: Endings;
	throttle: Throttle;
	counters: Counters;
	devices: KnownDevices;
	provisioner: Provisioner;
	signUpMode: SignUpMode;
	invites: Invites;
	/** What else goes with an account. */
	removeWithAccount: readonly RemoveWithAccount[];
}
