import type { Rule } from '#contract/documents/rule.ts';
import { isInBounds, toPayeeTest } from '#lib/domain/rule.ts';
import { NONE } from './dictionary.ts';
import { fromTagsText, READ_ONLY, SPLIT, TRANSFER } from './entry-table.ts';
import type { LedgerColumns } from './ledger-columns.ts';
import { tagsOf } from './marks.ts';

/** What a rule would do to the entries that are there, by row, newest first. */
export interface RulePreview {
	/** Have no category, or only lack a tag. */
	open: number[];
	/** Have another category, which somebody may have chosen on purpose. */
	otherwise: number[];
	/** How many are as the rule would have them already. */
	same: number;
}

/** Looks through the ledger for what a rule would change. Transfers and split entries are left alone. */
export function previewRule(columns: LedgerColumns, rule: Rule): RulePreview {
	const { columns: column, dictionaries } = columns.table;
	const { payee, currency, category, tags } = dictionaries;
	const isPayee = toPayeeTest(rule);
	// Many entries have one payee, and few tags: each is looked at once.
	const payees = payee.texts.map((text, code) => isPayee(code === NONE ? '' : text));
	const wanted = rule.categoryId === null ? undefined : category.find(rule.categoryId);
	const ruleTags = tagsOf(rule);
	const lacking = tags.texts.map((text, code) => {
		const worn = fromTagsText(code === NONE ? null : text);
		return ruleTags.some((tag) => !worn.includes(tag));
	});

	const preview: RulePreview = { open: [], otherwise: [], same: 0 };
	for (const row of columns.order) {
		const isLeftAlone = ((column.flags[row] ?? 0) & (READ_ONLY | SPLIT)) !== 0;
		if (isLeftAlone || column.kind[row] === TRANSFER || !payees[column.payee[row] ?? NONE])
			continue;
		const amountMinor = column.amountMinor[row] ?? 0;
		const code = currency.decode(column.currency[row] ?? NONE) ?? '';
		if (!isInBounds(rule, { amountMinor, currency: code })) continue;
		const has = column.category[row] ?? NONE;
		const moves = rule.categoryId !== null && has !== wanted;
		if (moves && has !== NONE) preview.otherwise.push(row);
		else if (moves || lacking[column.tags[row] ?? NONE]) preview.open.push(row);
		else preview.same += 1;
	}
	return preview;
}
