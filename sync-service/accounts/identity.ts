import type { Role } from '#contract/account.ts';
import type { Access } from '#contract/app-password.ts';

/** Who sends a request, and by what right. */
export interface Identity {
	/** A browser's cookie, or an app password sent as HTTP Basic. */
	kind: 'session' | 'app-password';
	accountId: string;
	email: string;
	ledgerId: string;
	role: Role;
	/** What may be done to the account's ledger; a session may always write. */
	access: Access;
	/**
	 * What the credential is known by where it must not be known itself: the SHA-256 of a session's token, or an
	 * app password's id. Longpolls end by it; it signs nobody in.
	 */
	credentialKey: string;
}
