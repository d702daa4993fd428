import { randomBytes, randomInt } from 'node:crypto';

/** Values that must not get out, and the forms in which they might. */
export class Marks {
	readonly #values = new Map<string, string>();

	/** Watches for a value; `what` names it where it is found. @returns the value */
	watch(what: string, value: string): string {
		if (value.length < 6) throw new Error(`${what} is too short to be told from chance: ${value}`);
		this.#values.set(value, what);
		return value;
	}

	/** A new value with a word in it that says what it is. */
	make(what: string): string {
		return this.watch(what, `${what}${randomBytes(6).toString('hex')}`);
	}

	/** An amount that nothing else is by chance, in minor units. */
	makeAmount(): number {
		const amount = randomInt(10_000_000_000, 99_999_999_999);
		this.watch('an amount', String(amount));
		this.watch('an amount as people write it', (amount / 100).toFixed(2));
		return amount;
	}

	/** What of it is in a text, plain, URL-encoded, in base64 at any place, or in hexadecimal. */
	find(text: string): string[] {
		const found: string[] = [];
		for (const [value, what] of this.#values) {
			const form = Object.entries(toForms(value)).find(([, forms]) =>
				forms.some((one) => text.includes(one))
			);
			if (form !== undefined) found.push(`${what}, ${form[0]}`);
		}
		return found;
	}
}

function toForms(value: string): Record<string, string[]> {
	const bytes = Buffer.from(value);
	const base64 = [0, 1, 2].map((before) => {
		const text = Buffer.from('x'.repeat(before) + value).toString('base64');
		// The first and last characters depend on what is around it.
		return text.slice(before === 0 ? 0 : before + 1, text.length - 4);
	});
	return {
		plain: [value, JSON.stringify(value).slice(1, -1)],
		'URL-encoded': [encodeURIComponent(value), value.replaceAll('@', '%40')],
		'in base64': base64.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')]),
		'in hexadecimal': [bytes.toString('hex')]
	};
}
