/** A text without case and accents: "café" is found by "Cafe". */
export function fold(text: string): string {
	// Most texts are plain ASCII, and are folded ten times as fast that way.
	if (/^[\0-\x7f]*$/.test(text)) return text.toLowerCase();
	return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The words of a search, folded. An entry is found if it holds every one of them. */
export function toWords(query: string): string[] {
	return fold(query).split(/\s+/).filter(Boolean);
}
