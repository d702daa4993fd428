import type { LedgerColumns } from '#lib/domain/ledger/ledger-columns.ts';

/** The entries that are selected: always some of those that the list shows. */
export class RowSelection {
	/** The row of each entry in the columns, by its id. */
	readonly #rowOf = new Map<string, number>();
	#version = $state(0);

	/** How many there are. */
	get size(): number {
		void this.#version;
		return this.#rowOf.size;
	}

	/** Where they are in the columns. */
	get rows(): Uint32Array {
		void this.#version;
		return Uint32Array.from(this.#rowOf.values());
	}

	has(id: string): boolean {
		void this.#version;
		return this.#rowOf.has(id);
	}

	/** Selects an entry, or lets it go. */
	toggle({ table }: LedgerColumns, row: number): void {
		const id = table.ids[row] ?? '';
		if (!this.#rowOf.delete(id)) this.#rowOf.set(id, row);
		this.#version += 1;
	}

	/** Selects more. */
	add({ table }: LedgerColumns, rows: Uint32Array): void {
		for (const row of rows) this.#rowOf.set(table.ids[row] ?? '', row);
		this.#version += 1;
	}

	/** Lets go of what the list does not show any more. */
	keep({ table }: LedgerColumns, listed: Uint32Array): void {
		if (this.#rowOf.size === 0) return;
		const isListed = new Uint8Array(table.ids.length);
		for (const row of listed) isListed[row] = 1;
		let isSame = true;
		for (const [id, row] of this.#rowOf) {
			if (isListed[row] === 1 && table.ids[row] === id) continue;
			this.#rowOf.delete(id);
			isSame = false;
		}
		if (!isSame) this.#version += 1;
	}

	/** Lets go of all. */
	clear(): void {
		this.#rowOf.clear();
		this.#version += 1;
	}
}
