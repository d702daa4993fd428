import type { Preferences, SavedFilter } from '#contract/documents/preferences.ts';
import { randomText } from './random-text.ts';

const FILTER = 'filter:';

/** The name of the field of the preferences that holds a saved filter. */
export type FilterField = `filter:${string}`;

/** A field for one more filter. */
export function newFilterField(): FilterField {
	return `${FILTER}${randomText(16)}`;
}

/** The saved filters, in the order of their names. What cannot be read is left out. */
export function savedFiltersOf(
	preferences: Preferences | undefined
): (SavedFilter & { field: FilterField })[] {
	return Object.entries(preferences ?? {})
		.flatMap(([field, value]) =>
			isFilterField(field) && isSavedFilter(value) ? [{ ...value, field }] : []
		)
		.sort((a, b) => a.name.localeCompare(b.name) || (a.field < b.field ? -1 : 1));
}

function isFilterField(field: string): field is FilterField {
	return field.startsWith(FILTER);
}

function isSavedFilter(value: unknown): value is SavedFilter {
	const { name, query } = Object(value) as Partial<Record<string, unknown>>;
	return typeof name === 'string' && typeof query === 'string';
}
