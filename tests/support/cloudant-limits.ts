/** What IBM's documentation says of one request ("Limits", 2026): bytes and milliseconds. */
export const DOCUMENTED = {
	documentBytes: 1024 ** 2,
	requestBytes: 64 * 1024 ** 2,
	requestMs: 60_000
} as const;

/** What Cloudant counts, each in a sliding second of its own. */
export type RateClass = 'reads' | 'writes' | 'queries';

/** What a request counts as, and how often: bulk requests count once for each document. */
export interface Cost {
	rate: RateClass;
	count: number;
}

/** Of requests below a database, and about many of them; `undefined`: not counted. */
export function toCost(method: string, path: string, body: string): Cost | undefined {
	if (path === '/_dbs_info') return { rate: 'reads', count: 1 };
	const [, , first, ...more] = path.split('?')[0]?.split('/') ?? [];
	if (first === undefined || first === '') return undefined;
	switch (first) {
		case '_changes':
		case '_all_docs':
		case '_find':
			return { rate: 'queries', count: 1 };
		case '_bulk_get':
		case '_bulk_docs': {
			const { docs = [] } = JSON.parse(body) as { docs?: unknown[] };
			return { rate: first === '_bulk_get' ? 'reads' : 'writes', count: docs.length };
		}
		case '_revs_diff':
			return { rate: 'reads', count: 1 };
		case '_local':
			return more.length > 0 ? toSingle(method) : undefined;
	}
	return first.startsWith('_') ? undefined : toSingle(method);
}

function toSingle(method: string): Cost {
	return { rate: method === 'GET' || method === 'HEAD' ? 'reads' : 'writes', count: 1 };
}

/** Counts in a sliding second. A request that finds room passes whole, however much it counts. */
export class SlidingSecond {
	#passed: { at: number; count: number }[] = [];

	/** Whether there is room, and takes it. */
	take(count: number, most: number): boolean {
		const now = performance.now();
		this.#passed = this.#passed.filter(({ at }) => now - at < 1000);
		const used = this.#passed.reduce((sum, one) => sum + one.count, 0);
		if (used >= most) return false;
		this.#passed.push({ at: now, count });
		return true;
	}
}
