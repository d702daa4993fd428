/**
 * How the household ledger is distributed (public data set "Daily Household Transactions"): counts out of its
 * 2,461 rows, and of every category the median amount in minor units and the spread of its logarithm.
 */

export type Shares<T> = readonly (readonly [value: T, count: number])[];

export interface CategoryShape {
	name: string;
	count: number;
	medianMinor: number;
	spread: number;
	/** `''` = the category itself. */
	below: Shares<string>;
}

export const KIND_SHARES = [
	['expense', 2176],
	['transfer', 160],
	['income', 125]
] as const satisfies Shares<string>;

export const ACCOUNT_SHARES = {
	expense: [
		['Cash', 1039],
		['Savings 1', 971],
		['Credit card', 162],
		['Debit card', 2],
		['Savings 2', 2]
	],
	income: [
		['Savings 1', 109],
		['Cash', 7],
		['Savings 2', 3],
		['Recurring deposit', 6]
	],
	transfer: [
		['Savings 1', 143],
		['Fund B', 11],
		['Shares', 6]
	]
} as const satisfies Record<string, Shares<string>>;

/** Where transfers went, with their amounts. */
export const TRANSFER_SHAPES: readonly CategoryShape[] = [
	shape('Recurring deposit', 25, 100_000, 0),
	shape('Fund E', 22, 119_461, 0.81),
	shape('Provident fund', 21, 1_138_566, 0.3),
	shape('Savings 1', 17, 185_223, 1.97),
	shape('Fund A', 14, 132_238, 1.01),
	shape('Fund F', 13, 135_111, 1.04),
	shape('Small cap fund', 20, 500_000, 0),
	shape('Shares', 8, 1_640_040, 1.21),
	shape('Life insurance', 7, 1_107_739, 0.01),
	shape('Fund C', 6, 100_000, 0),
	shape('Savings 2', 3, 9_179, 0.12),
	shape('Fixed deposit', 4, 22_360_680, 0.11)
];

export const EXPENSE_SHAPES: readonly CategoryShape[] = [
	shape('Food', 907, 5_278, 1.08, [
		...([
			['Milk', 162],
			['Snacks', 115],
			['Grocery', 113],
			['', 85],
			['Lunch', 68]
		] as const),
		...([
			['Dinner', 55],
			['Tea', 43],
			['Ice cream', 36],
			['Breakfast', 29],
			['Fruit', 28]
		] as const),
		...([
			['Eggs', 27],
			['Beverage', 27],
			['Vegetables', 25],
			['Flour mill', 20],
			['Bread', 16]
		] as const),
		...([
			['Biscuits', 12],
			['Eating out', 8],
			['Curd', 7],
			['Sweets', 12],
			['Onions', 18]
		] as const)
	]),
	shape('Transportation', 307, 6_020, 1.54, [
		...([
			['Auto', 142],
			['Train', 74],
			['', 24],
			['Taxi', 19],
			['Travels', 19]
		] as const),
		...([
			['Bus', 15],
			['Bike', 12],
			['Petrol', 2]
		] as const)
	]),
	shape('Household', 176, 22_342, 1.6, [
		...([
			['Kirana', 83],
			['Appliances', 29],
			['Kitchen', 23],
			['Hardware', 14]
		] as const),
		...([
			['Toiletries', 14],
			['Home decor', 4],
			['Furniture', 6],
			['', 3]
		] as const)
	]),
	shape('Subscription', 143, 30_152, 1.19, [
		...([
			['Mobile', 66],
			['Television', 24],
			['Course', 14],
			['Newspaper', 9]
		] as const),
		...([
			['Films', 17],
			['Gas', 5],
			['Books', 6],
			['Internet', 2]
		] as const)
	]),
	shape('Other', 114, 15_864, 1.85),
	shape('Investment', 103, 142_235, 0.86, [
		...([
			['Mutual fund', 66],
			['Deposit', 22],
			['Provident fund', 12],
			['Life insurance', 3]
		] as const)
	]),
	shape('Health', 94, 15_689, 1.56, [
		...([
			['Medicine', 61],
			['', 16],
			['Hospital', 14],
			['Lab tests', 3]
		] as const)
	]),
	shape('Family', 71, 45_052, 1.51, [
		...([
			['Pocket money', 49],
			['Clothes', 8],
			['', 7],
			['Gift', 7]
		] as const)
	]),
	shape('Apparel', 47, 19_144, 1.39, [
		...([
			['Laundry', 20],
			['Clothing', 14],
			['Footwear', 11],
			['', 2]
		] as const)
	]),
	shape('Money transfer', 43, 1_003_088, 1.09, [
		['', 28],
		['Home', 15]
	]),
	shape('Gift', 30, 68_862, 1.12),
	shape('Beauty', 26, 10_031, 0.86, [
		['Grooming', 22],
		['', 4]
	]),
	shape('Recurring deposit', 30, 100_000, 0),
	shape('Education', 20, 2_159, 0.87, [
		['Stationery', 19],
		['School', 1]
	]),
	shape('Maid', 21, 60_000, 0.5),
	shape('Festivals', 16, 20_000, 1, [
		['Diwali', 8],
		['Navratri', 3],
		['', 5]
	]),
	shape('Culture', 11, 30_000, 0.8, [
		['Cinema', 9],
		['', 2]
	]),
	shape('Tourism', 5, 50_000, 1.2),
	shape('Rent', 4, 1_000_000, 0.2),
	shape('Water', 8, 5_000, 0.5)
];

export const INCOME_SHAPES: readonly CategoryShape[] = [
	shape('Salary', 43, 5_820_020, 0.14),
	shape('Rewards', 23, 624, 0.3),
	shape('Other income', 12, 137_357, 2.14),
	shape('Dividend', 12, 5_082, 0.93),
	shape('Interest', 12, 34_180, 1.15),
	shape('Maturity', 7, 3_746_899, 0.99),
	shape('Petty cash', 6, 141_517, 1.16),
	shape('Bonus', 8, 3_817, 2.61),
	shape('Tax refund', 2, 1_145_395, 0.52)
];

/** Of entries that have a note, the share whose note is made up anew: some of those were there before by chance. */
export const NEW_NOTE_SHARE = 0.58;
/** Of new notes, the share that nobody ever writes again: a gift's occasion, not "milk". */
export const ONE_OFF_SHARE = 0.4;
/** By kind, the share of entries that have a note. */
export const NOTED_SHARES = { expense: 0.841, transfer: 0.069, income: 0.79 } as const;
/** The share of entries whose time of day is known. */
export const TIMED_SHARE = 0.529;
/** The share of days with at least one entry, and how many those have. */
export const ACTIVE_DAY_SHARE = 619 / 730;
export const DAY_SHARES = [
	...([
		[1, 132],
		[2, 115],
		[3, 92],
		[4, 67],
		[5, 54],
		[6, 48],
		[7, 39],
		[8, 19]
	] as const),
	...([
		[9, 20],
		[10, 13],
		[11, 8],
		[12, 7],
		[13, 1],
		[19, 3],
		[20, 1]
	] as const)
] as const satisfies Shares<number>;
/** The shares of amounts that are whole rupees, and multiples of ten of them. */
export const WHOLE_SHARE = 0.98;
export const TENS_SHARE = 0.5;

function shape(
	name: string,
	count: number,
	medianMinor: number,
	spread: number,
	below: Shares<string> = [['', count]]
): CategoryShape {
	return { name, count, medianMinor, spread, below };
}
