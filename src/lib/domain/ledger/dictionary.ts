/** The code of "nothing": no category, no payee. */
export const NONE = 0;

/** Distinct texts, each with a code from 1; code 0 is {@link NONE}. Codes are only ever added. */
export class Dictionary {
	/** By code; the first place stands for {@link NONE}. */
	readonly texts: string[] = [''];
	readonly #codes = new Map<string, number>();

	/** A dictionary whose first codes are those of the given texts. `undefined` where two are the same. */
	static of(texts: Iterable<string>): Dictionary | undefined {
		const dictionary = new Dictionary();
		for (const text of texts) {
			const before = dictionary.texts.length;
			if (dictionary.encode(text) !== before) return undefined;
		}
		return dictionary;
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
}
