import type { Rule } from '#contract/documents/rule.ts';
import { tagsOf } from '#lib/domain/ledger/marks.ts';
import { formatMoney } from '#lib/domain/money.ts';
import type { RuleProblem } from '#lib/domain/rule.ts';
import * as m from '#messages';

/** Which entries a rule is for: "Payee is Bakery, at least € 5.00". */
export function conditionWords({ payee, match, fromMinor, toMinor, currency }: Rule): string {
	const unit = currency ?? '';
	const parts = [
		payee === null
			? ''
			: match === 'exact'
				? m.rule_payee_is({ payee })
				: m.rule_payee_contains({ payee }),
		fromMinor === null ? '' : m.rule_at_least({ amount: formatMoney(fromMinor, unit) }),
		toMinor === null ? '' : m.rule_at_most({ amount: formatMoney(toMinor, unit) })
	];
	return parts.filter(Boolean).join(', ');
}

/** What it does to them: "Food, #trip". */
export function effectWords(rule: Rule, categoryName: (id: string) => string | undefined): string {
	const category =
		rule.categoryId === null ? '' : (categoryName(rule.categoryId) ?? m.common_unknown_category());
	return [category, ...tagsOf(rule).map((tag) => `#${tag}`)].filter(Boolean).join(', ');
}

const PROBLEMS: Readonly<Record<RuleProblem, string>> = {
	'no-condition': m.rule_no_condition(),
	'no-effect': m.rule_no_effect(),
	'no-currency': m.rule_no_currency(),
	'bounds-crossed': m.rule_bounds_crossed()
};

/** The sentence for what keeps a rule from being one. */
export function ruleProblemWords(problem: RuleProblem): string {
	return PROBLEMS[problem];
}
