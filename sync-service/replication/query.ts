/** Which keys a query may have, and what their values must be. */
export type QueryRules = Record<string, RegExp | ((value: string) => boolean)>;

/**
 * Reads a raw query by `rules`; `undefined` when there is an unknown or repeated key, a value that
 * breaks its rule, or anything two programs could read differently.
 */
export function readQuery(rawQuery: string, rules: QueryRules): Record<string, string> | undefined {
	const query: Record<string, string> = {};
	if (rawQuery === '') return query;
	for (const pair of rawQuery.split('&')) {
		const equals = pair.indexOf('=');
		const key = pair.slice(0, Math.max(equals, 0));
		const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
		if (rule === undefined || Object.hasOwn(query, key)) return undefined;
		const value = decodeValue(pair.slice(equals + 1));
		if (value === undefined) return undefined;
		if (!(rule instanceof RegExp ? rule.test(value) : rule(value))) return undefined;
		query[key] = value;
	}
	return query;
}

/** Writes a query anew, with its `?`; nothing for no keys. */
export function writeQuery(query: Record<string, string | undefined>): string {
	const pairs = Object.entries(query).filter(([, value]) => value !== undefined);
	if (pairs.length === 0) return '';
	return `?${pairs.map(([key, value]) => `${key}=${encodeURIComponent(value ?? '')}`).join('&')}`;
}

function decodeValue(raw: string): string | undefined {
	// A bare plus is a space to some and a plus to others.
	if (!/^[\x21-\x7e]*$/.test(raw) || /[+#\\]/.test(raw)) return undefined;
	try {
		return decodeURIComponent(raw);
	} catch {
		return undefined;
	}
}
