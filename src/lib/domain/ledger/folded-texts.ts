import type { Dictionary } from './dictionary.ts';
import { fold } from './fold.ts';

const kept = new WeakMap<Dictionary, FoldedTexts>();

/** The folded texts of a dictionary: made when first searched, and only added to from then on. */
export function foldedTextsOf(dictionary: Dictionary): FoldedTexts {
	let texts = kept.get(dictionary);
	if (!texts) kept.set(dictionary, (texts = new FoldedTexts(dictionary)));
	return texts;
}

/** All texts of a dictionary in one, because one long text is searched much faster than many short ones. */
export class FoldedTexts {
	#dictionary: Dictionary;
	/** Every text with a line end behind it, by code. A word has no line end in it. */
	#text = '';
	/** Where the text of each code starts. */
	#starts = new Uint32Array(256);
	#length = 0;

	constructor(dictionary: Dictionary) {
		this.#dictionary = dictionary;
	}

	/**
	 * Takes in what the dictionary was given meanwhile.
	 *
	 * @param most how many texts at once.
	 * @returns whether that was all.
	 */
	catchUp(most = Infinity): boolean {
		const { texts } = this.#dictionary;
		const end = Math.min(texts.length, this.#length + most);
		if (end === this.#length) return true;
		if (end >= this.#starts.length) {
			const larger = new Uint32Array(Math.max(texts.length + 1, this.#starts.length * 2));
			larger.set(this.#starts);
			this.#starts = larger;
		}
		// All at once: the platform folds one long text much faster than many short ones.
		const added = texts.slice(this.#length, end).map((text) => text.replaceAll('\n', ' '));
		const folded = fold(`${added.join('\n')}\n`);
		for (let at = 0; at < folded.length; at = folded.indexOf('\n', at) + 1) {
			this.#starts[this.#length] = this.#text.length + at;
			this.#length += 1;
		}
		this.#text += folded;
		this.#starts[this.#length] = this.#text.length;
		return this.#length === texts.length;
	}

	/** By code: 1 where the text holds the folded word. */
	holding(word: string): Uint8Array {
		this.catchUp();
		const held = new Uint8Array(this.#length);
		let code = 0;
		for (let at = this.#text.indexOf(word); at >= 0;) {
			while ((this.#starts[code + 1] ?? Infinity) <= at) code += 1;
			held[code] = 1;
			code += 1;
			at = this.#text.indexOf(word, this.#starts[code]);
		}
		return held;
	}
}
