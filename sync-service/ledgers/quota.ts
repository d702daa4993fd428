import type { LedgerStore } from '#service/ledgers/ledger-store.ts';

/** How much a ledger may hold. */
export interface LedgerQuota {
	documents: number;
	bytes: number;
}

/** What was set for one ledger; `null`: as much as for all others. */
export interface OwnQuota {
	documents: number | null;
	bytes: number | null;
}

export interface QuotaStore {
	/** What a ledger may hold; asked for often, so answered from memory where that can be. @throws {StoreUnavailable} */
	find(ledgerId: string): Promise<LedgerQuota>;
}

/** Far more than a person's life of expenses takes. */
export const DEFAULT_QUOTA: LedgerQuota = { documents: 200_000, bytes: 1024 ** 3 };

/** Quotas as the ledgers' rows have them; what is not set there is `otherwise`. */
export function createQuotaStore(
	ledgers: Pick<LedgerStore, 'find'>,
	otherwise: LedgerQuota
): QuotaStore {
	return {
		async find(ledgerId) {
			const { quota } = (await ledgers.find(ledgerId)) ?? {};
			return {
				documents: quota?.documents ?? otherwise.documents,
				bytes: quota?.bytes ?? otherwise.bytes
			};
		}
	};
}
