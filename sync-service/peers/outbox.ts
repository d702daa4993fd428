import { type News, NEWS_KINDS, type NewsKind } from '#service/peers/news.ts';

/** What is still to be told: each thing once, however often it happened. */
export class Outbox {
	readonly #most: number;
	readonly #kinds = new Map<NewsKind, Set<string>>(NEWS_KINDS.map((kind) => [kind, new Set()]));

	/** @param most ids it holds; what comes on top is let go of. */
	constructor(most: number) {
		this.#most = most;
	}

	get size(): number {
		return [...this.#kinds.values()].reduce((sum, { size }) => sum + size, 0);
	}

	/** `false`: it is full. */
	add(kind: NewsKind, id: string): boolean {
		const ids = this.#kinds.get(kind);
		if (ids === undefined || ids.has(id)) return true;
		if (this.size >= this.#most) return false;
		ids.add(id);
		return true;
	}

	/** Takes out at most `most` ids: endings before writes, of each kind the oldest first. */
	take(most: number): Omit<News, 'from'> {
		const taken: Record<NewsKind, string[]> = { forget: [], ended: [], recheck: [], written: [] };
		let left = most;
		for (const [kind, ids] of this.#kinds) {
			for (const id of ids) {
				if (left === 0) return taken;
				left--;
				ids.delete(id);
				taken[kind].push(id);
			}
		}
		return taken;
	}

	clear(): void {
		for (const ids of this.#kinds.values()) ids.clear();
	}
}
