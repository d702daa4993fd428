import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { guessMapping } from '#lib/domain/import/mapping.ts';
import { planImport } from '#lib/domain/import/plan.ts';
import { readTable } from '#lib/domain/import/table.ts';
import { hasHouseholdCsv, HOUSEHOLD_CSV, HOUSEHOLD_SUMS } from '#tests/support/household.ts';

test.skipIf(!hasHouseholdCsv)('the household ledger is read to the paisa', async () => {
	const read = readTable(await readFile(HOUSEHOLD_CSV, 'utf8'));
	if (!read.ok) throw new Error(read.problem);
	const plan = planImport(
		read.table,
		guessMapping(read.table),
		{ ids: new Set(), trashed: new Set(), accounts: [], categories: [], currency: 'EUR' },
		{ id: 'operation:household', stamp: '001763800000000-0000-abcdefghij' }
	);
	expect(plan.unreadable).toEqual([]);
	expect(plan.transactions).toHaveLength(2461);
	expect(plan.repeats).toBe(11);
	expect(new Set(plan.transactions.map(({ _id }) => _id)).size).toBe(2461);
	expect(Object.fromEntries(plan.sums.map(({ kind, totalMinor }) => [kind, totalMinor]))).toEqual(
		HOUSEHOLD_SUMS
	);
});
