/** JSON with the keys of every object in code-unit order: equal values have equal text on every device. */
export function canonicalJson(value: unknown): string {
	return JSON.stringify(sortKeys(value));
}

/** The same value with the keys of every object in code-unit order. */
export function sortKeys(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sortKeys);
	if (value === null || typeof value !== 'object') return value;
	const sorted: Record<string, unknown> = {};
	for (const key of Object.keys(value).sort()) {
		sorted[key] = sortKeys((value as Record<string, unknown>)[key]);
	}
	return sorted;
}
