import type { Rule } from '#contract/documents/rule.ts';
import type { DraftFields } from './draft.ts';
import type { TagMarks } from './ledger/marks.ts';
import { applyRules, type RuleEffect } from './rule.ts';

/** A rule that does by itself what a person just did by hand. */
export interface RuleOffer extends RuleEffect {
	payee: string;
}

/**
 * What of an edit no rule does yet: a category where none decides it, tags where none puts them on.
 *
 * @param fields the entry after the edit.
 * @param changes what the edit wrote.
 * @returns `undefined` = nothing that a rule for a payee could do.
 */
export function ruleToOffer(
	rules: readonly Rule[],
	fields: DraftFields,
	changes: Partial<DraftFields> & TagMarks
): RuleOffer | undefined {
	if (fields.payee === '' || fields.kind === 'transfer' || fields.splits.length > 0) {
		return undefined;
	}
	const done = applyRules(rules, fields);
	const categoryId = done?.categoryId ? null : (changes.categoryId ?? null);
	const tags = Object.entries(changes)
		.filter(([field, value]) => field.startsWith('#') && value === true)
		.map(([field]) => field.slice(1))
		.filter((tag) => !done?.tags.includes(tag));
	if (categoryId === null && tags.length === 0) return undefined;
	return { payee: fields.payee, categoryId, tags };
}

/** Where the rule is made, filled in. */
export function toRuleAddress({ payee, categoryId, tags }: RuleOffer): string {
	const asked = new URLSearchParams({ payee });
	if (categoryId !== null) asked.set('category', categoryId);
	for (const tag of tags) asked.append('tag', tag);
	return `/settings/rules#${asked.toString()}`;
}
