/** How much a ledger may hold. */
export interface LedgerQuota {
	documents: number;
	bytes: number;
}

export interface QuotaStore {
	/** What a ledger may hold; asked for often, so answered from memory where that can be. @throws {StoreUnavailable} */
	find(ledgerId: string): Promise<LedgerQuota>;
}

/** Far more than a person's life of expenses takes. */
export const DEFAULT_QUOTA: LedgerQuota = { documents: 200_000, bytes: 1024 ** 3 };
