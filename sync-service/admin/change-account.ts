import type { AdminAccount, AdminAccountChange, Quota } from '#contract/admin.ts';
import type { Account } from '#service/accounts/account-store.ts';
import type { AdminParts } from '#service/admin/admin-parts.ts';
import { describeAccount } from '#service/admin/describe-account.ts';
import { noted } from '#service/admin/noted.ts';
import { StoreUnavailable } from '#service/couch/client.ts';
import type { LedgerRow } from '#service/ledgers/ledger-row.ts';
import { type Outcome, refuse } from '#service/plugins/problems.ts';

/** How often a write that met a newer revision is tried again. */
const ATTEMPTS = 5;
const DONE = { ok: true, value: undefined } as const;

/**
 * Changes what an account may do, for the admin `by`.
 *
 * @throws {StoreUnavailable} and any part of it may be done
 */
export async function changeAccount(
	parts: AdminParts,
	by: string,
	accountId: string,
	{ suspended, quota }: AdminAccountChange
): Promise<Outcome<AdminAccount>> {
	const account = await parts.accounts.findAccount(accountId);
	if (account === undefined) return refuse('not-found');
	const whom = accountId;
	// First: it is what may be refused.
	if (suspended !== undefined && suspended !== (account.suspended ?? false)) {
		const what = suspended ? 'suspend' : 'let-in';
		const outcome = await noted(parts, { by, what, whom }, () =>
			suspended ? suspend(parts, by, account) : setSuspended(parts, accountId, false)
		);
		if (!outcome.ok) return outcome;
	}
	if (quota !== undefined) {
		const outcome = await noted(parts, { by, what: 'set-quota', whom }, () =>
			setQuota(parts, account.ledgerId, quota)
		);
		if (!outcome.ok) return outcome;
	}
	const changed = await parts.accounts.findAccount(accountId);
	if (changed === undefined) return refuse('not-found');
	return { ok: true, value: await describeAccount(parts, changed) };
}

async function suspend(
	parts: AdminParts,
	by: string,
	{ id, role }: Account
): Promise<Outcome<void>> {
	if (id === by) return refuse('forbidden', { reason: 'Nobody suspends themself.' });
	const outcome = await setSuspended(parts, id, true);
	if (!outcome.ok || role !== 'admin') return outcome;
	// Looked at afterwards: of two admins who suspend each other at once, one at least sees what both did.
	const admins = await parts.admins.list();
	if (admins.some((admin) => !admin.suspended)) return outcome;
	await setSuspended(parts, id, false);
	return refuse('forbidden', { reason: 'The last admin cannot be suspended.' });
}

async function setSuspended(
	{ accounts, endings }: AdminParts,
	accountId: string,
	suspended: boolean
): Promise<Outcome<void>> {
	try {
		const changed = await accounts.changeAccount(accountId, () => ({ suspended }));
		return changed === undefined ? refuse('not-found') : DONE;
	} finally {
		// It may be written even where its answer was lost.
		endings.recheckAccount(accountId);
	}
}

async function setQuota(
	{ accounts: { rows }, ledgers }: AdminParts,
	ledgerId: string,
	{ documents, bytes }: Quota
): Promise<Outcome<void>> {
	try {
		for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
			const row = await rows.find<LedgerRow>(`ledger:${ledgerId}`);
			if (row === undefined) return refuse('not-found');
			const { quota: _, ...others } = row;
			const isOwn = documents !== null || bytes !== null;
			const next = isOwn ? { ...others, quota: { documents, bytes } } : others;
			if ((await rows.put(next)) !== 'conflict') return DONE;
		}
	} finally {
		ledgers.forget(ledgerId);
	}
	throw new StoreUnavailable('a ledger row kept changing under our hands');
}
