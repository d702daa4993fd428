import { expect, test } from 'vitest';
import type { Preferences } from '#contract/documents/preferences.ts';
import { applyChanges, merge } from './merge.ts';
import { newFilterField, savedFiltersOf } from './saved-filter.ts';
import { startingDocuments } from './starting-documents.ts';

const start = startingDocuments().find(({ type }) => type === 'preferences') as Preferences;
const stamp = (counter: number, device: string) =>
	`001763800000000-000${counter}-${device.padEnd(10, '0')}`;

test('filters that two devices save at the same time both stay, by name', () => {
	const [one, two] = [newFilterField(), newFilterField()];
	const here = applyChanges(start, { [one]: { name: 'Trips', query: 'tag=trip' } }, stamp(0, 'a'));
	const there = applyChanges(start, { [two]: { name: 'Food', query: 'text=x' } }, stamp(0, 'b'));
	expect(savedFiltersOf(merge(here, there)).map(({ name }) => name)).toEqual(['Food', 'Trips']);
	expect(savedFiltersOf(merge(there, here)).map(({ name }) => name)).toEqual(['Food', 'Trips']);
});

test('a removed filter is gone, and what is no filter is left out', () => {
	const field = newFilterField();
	const saved = applyChanges(start, { [field]: { name: 'Trips', query: '' } }, stamp(0, 'a'));
	const removed = applyChanges(saved, { [field]: null, 'filter:odd': 7 }, stamp(1, 'a'));
	expect(savedFiltersOf(saved)).toMatchObject([{ field, name: 'Trips' }]);
	expect(savedFiltersOf(removed)).toEqual([]);
	expect(savedFiltersOf(undefined)).toEqual([]);
});
