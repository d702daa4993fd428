/** The code of "nothing": no category, no payee. */
export const NONE = 0;

/** Distinct texts, each with a code from 1; code 0 is {@link NONE}. Codes are only ever added. */
export class Dictionary {
	/** By code; the first place stands for {@link NONE}. */
	readonly texts: string[];
	#known: Map<string, number> | undefined;

	/** @param texts of the codes from 1. */
	constructor(texts: readonly string[] = []) {
		this.texts = ['', ...texts];
	}

	/** The code of a text, made if it is new. */
	encode(text: string | null): number {
		if (text === null) return NONE;
		let code = this.#codes.get(text);
		if (code === undefined) {
			code = this.texts.push(text) - 1;
			this.#codes.set(text, code);
		}
		return code;
	}

	/** The code of a text; `undefined` = it has none yet. */
	find(text: string | null): number | undefined {
		return text === null ? NONE : this.#codes.get(text);
	}

	decode(code: number): string | null {
		return code === NONE ? null : (this.texts[code] ?? null);
	}

	/** Made when a text is first looked up: showing a ledger does without. */
	get #codes(): Map<string, number> {
		if (!this.#known) {
			this.#known = new Map();
			for (let code = 1; code < this.texts.length; code++) {
				this.#known.set(this.texts[code] ?? '', code);
			}
		}
		return this.#known;
	}
}
