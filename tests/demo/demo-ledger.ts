import fc from 'fast-check';

/** What an ordinary month holds: payees of a category, and the range of an amount in minor units. */
const SPENDING = {
	Food: { payees: ['Bakery', 'Café Anna', 'Noodle House', 'Pizzeria'], from: 220, to: 3400 },
	Groceries: { payees: ['Market', 'Corner shop', 'Organic store'], from: 480, to: 6200 },
	Transport: { payees: ['Metro', 'Train', 'Taxi'], from: 240, to: 2600 },
	Health: { payees: ['Pharmacy'], from: 600, to: 2800 },
	Shopping: { payees: ['Bookshop', 'Shoes'], from: 900, to: 8900 },
	Leisure: { payees: ['Cinema', 'Concert', 'Pool'], from: 700, to: 5200 }
} as const;

const OFTEN = [
	'Food',
	'Food',
	'Groceries',
	'Groceries',
	'Transport',
	'Health',
	'Shopping',
	'Leisure'
] as const;

const entry = fc.record({
	category: fc.constantFrom(...OFTEN),
	/** Where between the least and the most an amount lies, in thousandths. */
	share: fc.integer({ min: 0, max: 1000 }),
	pick: fc.nat({ max: 100 }),
	account: fc.constantFrom('Cash', 'Card', 'Card')
});

/** A made-up year that ends on `today`, as a CSV file; the same for the same seed. */
export function makeDemoLedger(today: string, seed: number): string {
	const lines = ['Date,Account,Category,Payee,Note,Amount,Type,Currency'];
	const last = new Date(`${today}T00:00:00Z`);
	// Without bias: random tests like extremes, an ordinary year does not.
	const entries = fc.sample(fc.noBias(entry), { seed, numRuns: 365 * 2 });
	for (let back = 0; back < 365; back++) {
		const day = new Date(last.getTime() - back * 86_400_000).toISOString().slice(0, 10);
		for (const { category, share, pick, account } of entries.slice(
			back * 2,
			back * 2 + (back % 3)
		)) {
			const { payees, from, to } = SPENDING[category];
			const amount = ((from + (share * (to - from)) / 1000) / 100).toFixed(2);
			lines.push(
				`${day},${account},${category},${payees[pick % payees.length]},,${amount},Expense,EUR`
			);
		}
		if (day.endsWith('-01')) {
			lines.push(`${day},Bank,Home,Rent,,850.00,Expense,EUR`);
			lines.push(`${day},Bank,Salary,Employer,,2600.00,Income,EUR`);
			lines.push(`${day},Bank,Savings,,Set aside,300.00,Transfer,EUR`);
		}
	}
	return `${lines.join('\n')}\n`;
}
