import type { AccountStore } from '#service/accounts/account-store.ts';
import type { Endings } from '#service/accounts/endings.ts';
import type { Admins } from '#service/admin/admins.ts';
import type { OpenInvites } from '#service/admin/invites.ts';
import type { LedgerStore } from '#service/ledgers/ledger-store.ts';
import type { Placements } from '#service/ledgers/placements.ts';

/** What an admin did. Ids only: a log is read by more people than the accounts are. */
export interface AdminAction {
	/** The admin's account. */
	by: string;
	what: 'suspend' | 'let-in' | 'set-quota' | 'invite' | 'revoke-invite';
	/** An account's or an invitation's id. */
	whom: string;
	/** The store broke off: nobody knows whether it was done. */
	unsure?: true;
}

/** What is needed to look after accounts; no way leads from here to what is in a ledger. */
export interface AdminParts {
	accounts: AccountStore;
	endings: Endings;
	ledgers: LedgerStore;
	admins: Admins;
	invites: OpenInvites;
	/** Only to ask for the sizes of databases. */
	placements: Placements;
	note(action: AdminAction): void;
}
