import { expect, test } from 'vitest';
import type { Preferences } from '#contract/documents/preferences.ts';
import { columnsOf } from '#tests/support/columns-of.ts';
import { categorySets, chosenSet, idsOf } from './category-sets.ts';
import { usedCategories } from './ledger/used-categories.ts';
import { applyChanges, merge } from './merge.ts';
import { offeredCategories } from './offered-categories.ts';
import { createClock } from './stamp.ts';
import { startingDocuments, toCategories } from './starting-documents.ts';
import { undoStep } from './undo.ts';

const sets = categorySets();
const [everyday, simple, detailed] = sets as [(typeof sets)[0], (typeof sets)[0], (typeof sets)[0]];
/** What stands in a ledger in which every set was chosen once. */
const all = toCategories(detailed.categories);

const offered = (chosen: readonly string[] | null | undefined, ...used: string[]): string[] =>
	offeredCategories(all, chosen, () => used).map(({ _id }) => _id);

test('every device makes the same sets, of two levels at most, and they share what they can', () => {
	expect(categorySets()).toEqual(sets);
	expect(startingDocuments()).toEqual(expect.arrayContaining(all.slice(0, 11)));
	expect(idsOf(everyday)).toEqual(expect.arrayContaining(idsOf(simple)));
	expect(idsOf(detailed)).toEqual(expect.arrayContaining(idsOf(everyday)));
	expect(new Set(idsOf(detailed)).size).toBe(idsOf(detailed).length);
	const tops = new Set(idsOf(everyday));
	for (const { parentId, name, icon } of all) {
		expect(parentId === null || tops.has(parentId)).toBe(true);
		expect(name).not.toBe('');
		expect(icon).not.toBe('');
	}
});

test('a set that was chosen is offered, and nothing else of the app’s own', () => {
	expect(offered(undefined)).toEqual(idsOf(everyday));
	expect(offered(null)).toEqual(idsOf(everyday));
	for (const set of sets) {
		expect(offered(idsOf(set))).toEqual(idsOf(set));
		expect(chosenSet(sets, idsOf(set))).toBe(set);
	}
	expect(chosenSet(sets, undefined)).toBe(everyday);
	expect(chosenSet(sets, ['category:of-another-version'])).toBeUndefined();
});

test('what is used, what is above it and what was edited stay', () => {
	const rest = idsOf(simple);
	expect(offered(rest, 'category:gifts')).toEqual(
		idsOf(everyday).filter((id) => rest.includes(id) || id === 'category:gifts')
	);
	const below = offered(rest, 'category:health-doctor').filter((id) => !rest.includes(id));
	expect(below).toEqual(['category:health', 'category:health-doctor']);

	const stamp = createClock('0123456789', () => 1).next();
	const renamed = all.map((category) =>
		category._id === 'category:gifts'
			? applyChanges(category, { name: 'Presents' }, stamp)
			: category
	);
	const kept = offeredCategories(renamed, rest, () => []).map(({ name }) => name);
	expect(kept).toContain('Presents');
	expect(kept).not.toContain('Education');
});

test('used is what an entry names, in a part or in the trash, or a rule', () => {
	const columns = columnsOf(
		{ categoryId: 'category:food' },
		{ categoryId: 'category:home', deletedAt: '2026-11-22T00:00:00.000Z' },
		{ splits: [{ amountMinor: 1, categoryId: 'category:gifts', note: '' }] },
		{ categoryId: 'category:health' }
	);
	columns.remove(['transaction:3']);
	const other = { version: 1, stamps: {}, deletedAt: null };
	const documents = [
		{ ...other, _id: 'rule:1', type: 'rule', categoryId: 'category:leisure' },
		{
			...other,
			_id: 'rule:2',
			type: 'rule',
			categoryId: 'category:salary',
			deletedAt: '2026-11-22T00:00:00.000Z'
		}
	];
	expect([...usedCategories(columns, documents)].sort()).toEqual([
		'category:food',
		'category:gifts',
		'category:home',
		'category:leisure'
	]);
});

test('two devices that choose differently come to the same set, and the first choice can be taken back', () => {
	const before = startingDocuments().find(({ type }) => type === 'preferences') as Preferences;
	const [one, two] = ['aaaaaaaaaa', 'bbbbbbbbbb'].map((device, ms) =>
		createClock(device, () => ms + 1).next()
	) as [string, string];
	const here = applyChanges(before, { startingCategories: idsOf(simple) }, one);
	const there = applyChanges(before, { startingCategories: idsOf(detailed) }, two);
	expect(merge(here, there)).toEqual(merge(there, here));
	expect(merge(here, there).startingCategories).toEqual(idsOf(detailed));
	expect(undoStep(here, new Set([one]), '')).toMatchObject({
		state: 'undo',
		edit: { changes: { startingCategories: null } }
	});
});
