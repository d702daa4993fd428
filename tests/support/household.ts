import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Where the household ledger lies: a real file of 2,461 rows that is no part of the project. Tests that
 * read it are skipped, by name, where it is absent.
 */
export const HOUSEHOLD_CSV =
	process.env.HOUSEHOLD_CSV ??
	fileURLToPath(new URL('../../../shared/data/household-transactions.csv', import.meta.url));

export const hasHouseholdCsv = existsSync(HOUSEHOLD_CSV);

/** Its sums, in paise. */
export const HOUSEHOLD_SUMS = {
	expense: 195_739_053,
	transfer: 177_078_090,
	income: 304_239_735
} as const;
