import type { CloudSequence } from '#lib/storage/first-pull-note.ts';
import type { StoredDocument } from '#lib/storage/open-database.ts';

/** A document with the revision it is of. */
export type CloudDocument = StoredDocument & { _id: string; _rev: string };

/** One row of a `_changes` answer. */
export interface ChangeRow {
	seq: CloudSequence;
	id: string;
	/** With `style=all_docs` every leaf, deleted ones too. */
	changes: { rev: string }[];
	/** Whether the leaf that wins is a deletion. */
	deleted?: boolean;
	/** With `include_docs=true` the leaf that wins, without the revisions before it. */
	doc?: CloudDocument | null;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/**
 * Takes the rows of a `_changes` answer out of its text while that is still coming, and keeps no more of
 * it than the row at hand. Stores write a row to a line; nothing here depends on that.
 */
export class ChangesRows {
	/** What is still needed of the text. */
	#text = '';
	/** How much of it has been looked at. */
	#at = 0;
	#depth = 0;
	#inString = false;
	#inResults = false;
	/** Where the row at hand begins; -1 between rows. */
	#row = -1;
	/** The answer without its rows. */
	#frame = '';

	/** Takes the next piece of the text. Returns the rows that it completes. */
	take(piece: string): ChangeRow[] {
		const text = this.#text + piece;
		const rows: ChangeRow[] = [];
		let kept = 0;
		let at = this.#at;
		for (; at < text.length; at++) {
			if (this.#inString) {
				at = text.indexOf('"', at);
				if (at === -1) break;
				this.#inString = isEscaped(text, at);
				continue;
			}
			const code = text.charCodeAt(at);
			if (code === QUOTE) this.#inString = true;
			else if (OPENING.has(code)) {
				this.#depth += 1;
				if (this.#depth === 2 && code === 0x5b) {
					this.#inResults = true;
					this.#frame += text.slice(kept, at + 1);
				} else if (this.#depth === 3 && this.#inResults) this.#row = at;
			} else if (CLOSING.has(code)) {
				this.#depth -= 1;
				if (this.#row !== -1 && this.#depth === 2) {
					rows.push(JSON.parse(text.slice(this.#row, at + 1)) as ChangeRow);
					this.#row = -1;
				} else if (this.#inResults && this.#depth === 1) {
					this.#inResults = false;
					kept = at;
				}
			}
		}
		const end = at === -1 ? text.length : at;
		const from = this.#inResults ? (this.#row === -1 ? end : this.#row) : kept;
		this.#text = text.slice(from);
		this.#at = end - from;
		if (this.#row !== -1) this.#row = 0;
		return rows;
	}

	/**
	 * To be called after the last piece.
	 *
	 * @returns where the answer ended.
	 * @throws when the answer broke off.
	 */
	finish(): CloudSequence {
		try {
			const { last_seq } = JSON.parse(this.#frame + this.#text) as { last_seq?: CloudSequence };
			if (last_seq !== undefined) return last_seq;
		} catch (cause) {
			throw new TypeError('The list of changes broke off', { cause });
		}
		throw new TypeError('The list of changes has no end');
	}
}

/** Whether the quote at `at` is part of the string it seems to end. */
function isEscaped(text: string, at: number): boolean {
	let before = at - 1;
	while (text.charCodeAt(before) === BACKSLASH) before -= 1;
	return (at - before) % 2 === 0;
}
