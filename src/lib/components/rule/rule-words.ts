import type { Rule } from '#contract/documents/rule.ts';
import { tagsOf } from '#lib/domain/ledger/marks.ts';
import { formatMoney } from '#lib/domain/money.ts';
import type { RuleProblem } from '#lib/domain/rule.ts';

/** Which entries a rule is for: "Payee is Bakery, at least € 5.00". */
export function conditionWords({ payee, match, fromMinor, toMinor, currency }: Rule): string {
	const unit = currency ?? '';
	const parts = [
		payee === null ? '' : `Payee ${match === 'exact' ? 'is' : 'contains'} ${payee}`,
		fromMinor === null ? '' : `at least ${formatMoney(fromMinor, unit)}`,
		toMinor === null ? '' : `at most ${formatMoney(toMinor, unit)}`
	];
	return parts.filter(Boolean).join(', ');
}

/** What it does to them: "Food, #trip". */
export function effectWords(rule: Rule, categoryName: (id: string) => string | undefined): string {
	const category =
		rule.categoryId === null ? '' : (categoryName(rule.categoryId) ?? 'An unknown category');
	return [category, ...tagsOf(rule).map((tag) => `#${tag}`)].filter(Boolean).join(', ');
}

const PROBLEMS: Readonly<Record<RuleProblem, string>> = {
	'no-condition': 'Say which payee or which amounts it is for.',
	'no-effect': 'Choose a category or a tag.',
	'no-currency': 'Choose a currency for the amounts.',
	'bounds-crossed': 'The most is less than the least.'
};

/** The sentence for what keeps a rule from being one. */
export function ruleProblemWords(problem: RuleProblem): string {
	return PROBLEMS[problem];
}
