/** What a store was asked for. */
export type StoreQuestion =
	| 'document'
	| 'write'
	| 'bulk-write'
	| 'checkpoint'
	| 'changes'
	| 'list'
	| 'revisions'
	| 'database'
	| 'other';

/** What came of it: a class of statuses, or nothing at all. */
export type StoreOutcome = '2xx' | '3xx' | '4xx' | '429' | '5xx' | 'nothing';

/** What a client of a store tells of itself, for as long as somebody listens. */
export interface StoreMeter {
	/** Told of every attempt, retries too: in seconds from when its turn came to the head of the answer. */
	onAttempt:
		((question: StoreQuestion, outcome: StoreOutcome, seconds: number) => void) | undefined;
	/** Whether the store is left alone for being away. */
	isOpen(): boolean;
	/** Requests that it works on, and that wait for their turn. */
	running(): number;
	waiting(): number;
}

const BY_NAME: Readonly<Record<string, StoreQuestion>> = {
	_bulk_docs: 'bulk-write',
	_bulk_get: 'document',
	_all_docs: 'list',
	_changes: 'changes',
	_revs_diff: 'revisions',
	_local: 'checkpoint'
};

/** What a request asks for; `path` is below the store. */
export function toQuestion(method: string, path: string): StoreQuestion {
	const [database = '', name] = (path.split('?', 1)[0] ?? '').split('/').filter(Boolean);
	if (database === '' || database.startsWith('_')) return 'other';
	if (name === undefined) return 'database';
	if (name.startsWith('_')) return BY_NAME[name] ?? 'other';
	return method === 'GET' || method === 'HEAD' ? 'document' : 'write';
}

export function toOutcome(status: number): StoreOutcome {
	if (status === 429) return '429';
	if (status >= 500) return '5xx';
	if (status >= 400) return '4xx';
	return status >= 300 ? '3xx' : '2xx';
}
