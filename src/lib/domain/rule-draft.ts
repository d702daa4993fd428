import type { CurrencyCode } from '#contract/documents/money.ts';
import type { Rule } from '#contract/documents/rule.ts';
import { parseAmount, toInputText } from './amount-text.ts';
import { readTags, tagsOf } from './ledger/marks.ts';
import { findRuleProblem, type RuleFields, type RuleProblem } from './rule.ts';

/** A rule as its form holds it: what is typed and chosen. */
export interface RuleDraft {
	/** `''` = any. */
	payee: string;
	match: Rule['match'];
	/** `''` = no bound. */
	least: string;
	most: string;
	/** What the bounds are in. */
	currency: CurrencyCode;
	/** `''` = leave it. */
	categoryId: string;
	/** With commas between them. */
	tags: string;
}

/** What is wrong: with an amount a code that has a sentence in `messages.ts`, or with the rule as a whole. */
export interface RuleDraftProblems {
	least?: string;
	most?: string;
	rule?: RuleProblem;
}

/** @param currency what bounds are typed in where the rule has none. */
export function toRuleDraft(
	rule: Rule | Partial<RuleFields>,
	currency: CurrencyCode,
	locale?: string
): RuleDraft {
	const unit = rule.currency ?? currency;
	const amount = (minor: number | null | undefined): string =>
		minor === null || minor === undefined ? '' : toInputText(minor, unit, locale);
	const tags = 'type' in rule ? tagsOf(rule) : (rule.tags ?? []);
	return {
		payee: rule.payee ?? '',
		match: rule.match ?? 'exact',
		least: amount(rule.fromMinor),
		most: amount(rule.toMinor),
		currency: unit,
		categoryId: rule.categoryId ?? '',
		tags: tags.join(', ')
	};
}

/** The rule that the form describes, or why it is none. */
export function readRuleDraft(
	draft: RuleDraft,
	locale?: string
): { ok: true; fields: RuleFields } | { ok: false; problems: RuleDraftProblems } {
	const problems: RuleDraftProblems = {};
	const readBound = (field: 'least' | 'most'): number | null => {
		if (draft[field].trim() === '') return null;
		const amount = parseAmount(draft[field], draft.currency, locale);
		if (amount.ok) return amount.amountMinor;
		problems[field] = amount.problem;
		return null;
	};
	const [fromMinor, toMinor] = [readBound('least'), readBound('most')];
	const fields: RuleFields = {
		payee: draft.payee.trim() || null,
		match: draft.match,
		fromMinor,
		toMinor,
		currency: fromMinor === null && toMinor === null ? null : draft.currency,
		categoryId: draft.categoryId || null,
		tags: readTags(draft.tags)
	};
	if (Object.keys(problems).length > 0) return { ok: false, problems };
	const problem = findRuleProblem(fields);
	if (problem === 'bounds-crossed') {
		return { ok: false, problems: { most: 'filter-amounts-crossed' } };
	}
	return problem ? { ok: false, problems: { rule: problem } } : { ok: true, fields };
}
