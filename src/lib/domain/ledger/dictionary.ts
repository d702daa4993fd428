import { TextIndex } from './text-index.ts';

/** The code of "nothing": no category, no payee. */
export const NONE = 0;

/** Distinct texts, each with a code from 1; code 0 is {@link NONE}. Codes are only ever added. */
export class Dictionary {
	/** By code; the first place stands for {@link NONE}. */
	readonly texts: string[];
	#index: TextIndex | undefined;

	/** @param texts of the codes from 1. */
	constructor(texts: readonly string[] = []) {
		this.texts = ['', ...texts];
	}

	/** The code of a text, made if it is new. */
	encode(text: string | null): number {
		const known = this.find(text);
		if (known !== undefined || text === null) return known ?? NONE;
		const index = this.#codes;
		const code = this.texts.push(text) - 1;
		index.add(code);
		return code;
	}

	/** The code of a text; `undefined` = it has none yet. */
	find(text: string | null): number | undefined {
		if (text === null) return NONE;
		if (text !== '') return this.#codes.find(text);
		// An index holds no empty text, and hardly any dictionary does.
		const code = this.texts.indexOf('', 1);
		return code < 0 ? undefined : code;
	}

	decode(code: number): string | null {
		return code === NONE ? null : (this.texts[code] ?? null);
	}

	/** Made when a text is first looked up: showing a ledger does without. */
	get #codes(): TextIndex {
		return (this.#index ??= new TextIndex(this.texts));
	}
}
