import fc from 'fast-check';

/** A file in the shape of the household ledger, made up, with its exact sums. */
export interface GeneratedLedger {
	csv: string;
	rows: number;
	/** Rows that repeat another one exactly. */
	repeats: number;
	/** Sums in minor units. */
	sums: Record<'expense' | 'transfer' | 'income', number>;
}

const WORDS = ['Tea', 'Train, 2 places', 'Idli "medu" vada', 'Milk', 'Rent ', 'From workplace'];
const KINDS = { expense: 'Expense', transfer: 'Transfer-Out', income: 'Income' } as const;

const row = fc.record({
	kind: fc.constantFrom<keyof typeof KINDS>('expense', 'expense', 'expense', 'transfer', 'income'),
	year: fc.integer({ min: 2023, max: 2025 }),
	month: fc.integer({ min: 1, max: 12 }),
	day: fc.integer({ min: 1, max: 28 }),
	time: fc.option(fc.constantFrom('12:04:08', '23:41:17', '07:00:00')),
	note: fc.constantFrom('', ...WORDS),
	category: fc.constantFrom('Food', 'Transportation', 'Household', 'subscription'),
	subcategory: fc.constantFrom('', 'snacks', 'Train'),
	mode: fc.constantFrom('Cash', 'Saving Bank account 1', 'Credit Card'),
	minor: fc.integer({ min: 100, max: 5_000_000 })
});

/** The same file for the same seed: day-first dates in two shapes, quotes, trailing spaces, exact repeats. */
export function generateLedger(rows: number, seed: number): GeneratedLedger {
	const made = fc.sample(row, { seed, numRuns: rows });
	const repeats = Math.min(3, made.length);
	const all = [...made, ...made.slice(0, repeats)];
	const sums = { expense: 0, transfer: 0, income: 0 };
	const lines = all.map((entry) => {
		sums[entry.kind] += entry.minor;
		const day = String(entry.day).padStart(entry.time ? 2 : 1, '0');
		const month = String(entry.month).padStart(entry.time ? 2 : 1, '0');
		const isTransfer = entry.kind === 'transfer';
		return [
			`${day}/${month}/${entry.year}${entry.time ? ` ${entry.time}` : ''}`,
			entry.mode,
			isTransfer ? 'Recurring Deposit' : entry.category,
			isTransfer ? '' : entry.subcategory,
			entry.note,
			String(entry.minor / 100),
			KINDS[entry.kind],
			'INR'
		]
			.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
			.join(',');
	});
	const header = 'Date,Mode,Category,Subcategory,Note,Amount,Income/Expense,Currency';
	const identities = new Set(lines.map((line) => line.replace(/\s+/g, ' ')));
	return {
		csv: `${[header, ...lines].join('\n')}\n`,
		rows: all.length,
		repeats: all.length - identities.size,
		sums
	};
}
