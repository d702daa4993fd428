import type { AdminAccount } from '#contract/admin.ts';
import type { Account } from '#service/accounts/account-store.ts';
import type { AdminParts } from '#service/admin/admin-parts.ts';
import { StoreUnavailable } from '#service/couch/client.ts';
import type { LedgerRow } from '#service/ledgers/ledger-row.ts';
import { readUsage, type Usage } from '#service/ledgers/usage.ts';

/** How many accounts' figures are asked for at a time. */
const AT_ONCE = 8;

type Parts = Pick<AdminParts, 'accounts' | 'placements'>;

/** Accounts with their figures. @throws {StoreUnavailable} */
export async function describeAccounts(
	parts: Parts,
	accounts: readonly Account[]
): Promise<AdminAccount[]> {
	const described: AdminAccount[] = [];
	for (let from = 0; from < accounts.length; from += AT_ONCE) {
		const some = accounts.slice(from, from + AT_ONCE);
		described.push(...(await Promise.all(some.map((one) => describeAccount(parts, one)))));
	}
	return described;
}

/** An account with its figures. @throws {StoreUnavailable} */
export async function describeAccount(parts: Parts, account: Account): Promise<AdminAccount> {
	const { id, email, role = 'member', createdAt, suspended = false, ledgerId } = account;
	const row = await parts.accounts.rows.find<LedgerRow>(`ledger:${ledgerId}`);
	const { lastSyncAt, quota = { documents: null, bytes: null } } = row ?? {};
	const usage = row && (await findUsage(parts, row));
	return {
		id,
		email,
		role,
		createdAt,
		suspended,
		...(lastSyncAt !== undefined && { lastSyncAt }),
		...(usage && { usage: { ...usage } }),
		quota: { ...quota }
	};
}

/** One database that does not answer shall not hide all accounts. */
async function findUsage(
	{ placements }: Parts,
	{ placement, database, released }: LedgerRow
): Promise<Usage | undefined> {
	if (released) return { documents: 0, bytes: 0 };
	try {
		return await readUsage(placements.get(placement).client, database);
	} catch (error) {
		if (error instanceof StoreUnavailable) return undefined;
		throw error;
	}
}
