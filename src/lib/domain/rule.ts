import type { CurrencyCode, MinorUnits } from '#contract/documents/money.ts';
import type { Rule } from '#contract/documents/rule.ts';
import type { Stamp } from '#contract/documents/stamp.ts';
import type { TransactionKind } from '#contract/documents/transaction.ts';
import { VERSIONS } from '#contract/documents/versions.ts';
import { fold } from './ledger/fold.ts';
import { tagField, tagsOf } from './ledger/marks.ts';
import { newDocument } from './merge.ts';

/** What a rule looks at in an entry. */
export interface RuleFacts {
	kind: TransactionKind;
	payee: string;
	amountMinor: MinorUnits;
	currency: CurrencyCode;
}

/** What a rule does to an entry. */
export interface RuleEffect {
	/** `null` = the category stays. */
	categoryId: string | null;
	/** To be put on; none is ever taken off. */
	tags: readonly string[];
}

/** What a person says of a rule. */
export type RuleFields = Pick<
	Rule,
	'payee' | 'match' | 'fromMinor' | 'toMinor' | 'currency' | 'categoryId'
> & { tags: readonly string[] };

/** What is wrong with a rule; each code has a sentence in `messages.ts`. */
export type RuleProblem = 'no-condition' | 'no-effect' | 'no-currency' | 'bounds-crossed';

/** What keeps a rule from being one; `undefined` = it is one. */
export function findRuleProblem(fields: RuleFields): RuleProblem | undefined {
	const { payee, fromMinor, toMinor, currency, categoryId, tags } = fields;
	const hasBound = fromMinor !== null || toMinor !== null;
	if (!payee?.trim() && !hasBound) return 'no-condition';
	if (hasBound && currency === null) return 'no-currency';
	if (fromMinor !== null && toMinor !== null && fromMinor > toMinor) return 'bounds-crossed';
	if (categoryId === null && tags.length === 0) return 'no-effect';
	return undefined;
}

/** A new rule, every field stamped alike. */
export function newRule(
	id: string,
	{ tags, payee, ...fields }: RuleFields,
	order: number,
	stamp: Stamp
): Rule {
	return newDocument<Rule>(
		{
			...fields,
			payee: payee?.trim() || null,
			...Object.fromEntries(tags.map((tag) => [tagField(tag), true])),
			_id: id,
			type: 'rule',
			version: VERSIONS.rule,
			deletedAt: null,
			order,
			enabled: true
		},
		stamp
	);
}

/** Whether an entry is one of those that a rule is for. Transfers have no category, and no rule. */
export function toRuleTest(rule: Rule): (facts: RuleFacts) => boolean {
	const isPayee = toPayeeTest(rule);
	return (facts) =>
		rule.enabled && facts.kind !== 'transfer' && isInBounds(rule, facts) && isPayee(facts.payee);
}

/** Whether a payee is one that a rule looks for, in any case and with accents or without. */
export function toPayeeTest({ payee, match }: Rule): (name: string) => boolean {
	if (payee === null) return () => true;
	const wanted = fold(payee.trim());
	return match === 'exact'
		? (name) => fold(name.trim()) === wanted
		: (name) => fold(name).includes(wanted);
}

/** Whether an amount is within a rule's bounds; where it has some, in its currency alone. */
export function isInBounds(
	{ fromMinor, toMinor, currency }: Rule,
	facts: Pick<RuleFacts, 'amountMinor' | 'currency'>
): boolean {
	if (fromMinor === null && toMinor === null) return true;
	if (facts.currency !== currency) return false;
	return facts.amountMinor >= (fromMinor ?? 0) && facts.amountMinor <= (toMinor ?? Infinity);
}

/**
 * What the rules of a ledger do to an entry: the category of the first one that has one, by the order that
 * the person gave them, and the tags of all. `undefined` = no rule is for it.
 */
export function applyRules(rules: readonly Rule[], facts: RuleFacts): RuleEffect | undefined {
	const fitting = inOrder(rules).filter((rule) => toRuleTest(rule)(facts));
	if (fitting.length === 0) return undefined;
	return {
		categoryId: fitting.find(({ categoryId }) => categoryId !== null)?.categoryId ?? null,
		tags: [...new Set(fitting.flatMap(tagsOf))].sort()
	};
}

/** Rules as a person has put them; two that were put in the same place on two devices, by their ids. */
export function inOrder(rules: readonly Rule[]): Rule[] {
	return rules
		.filter(({ deletedAt }) => deletedAt === null)
		.sort((a, b) => a.order - b.order || (a._id < b._id ? -1 : 1));
}
