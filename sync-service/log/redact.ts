/** Characters of a message that are kept. */
const LONGEST = 300;

/** A quotation mark; an apostrophe within a word is none. */
const QUOTE = /["`“”‘]|(?<!\w)['’]|['’](?!\w)/g;
const ADDRESS = /\b([a-z][a-z0-9+.-]*:\/\/)(\S*)/gi;
const EMAIL = /[^\s@<>()[\]"']+@[^\s@<>()[\]"']+/g;
const AUTHORIZATION = /\b(Basic|Bearer)\s+\S+/gi;
/** Longer than any word: tokens, hashes, ids. The dots of a host's name part its words. */
const TOKEN = /[\w+/=~%-]{20,}/g;

/**
 * A message that others wrote, without what it may quote: values, addresses below their host, credentials, emails,
 * tokens. What is between its first and its last quotation mark goes as a whole: what is quoted may hold some itself.
 */
export function redact(text: string): string {
	const plain = withoutQuotes(text)
		.replace(AUTHORIZATION, '$1 …')
		.replace(ADDRESS, (_all, scheme: string, rest: string) => scheme + toHost(rest))
		.replace(EMAIL, '…')
		.replace(TOKEN, '…');
	return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
}

/** Of what follows the scheme. */
function toHost(rest: string): string {
	return rest.slice(rest.lastIndexOf('@') + 1).replace(/[/?#].*$/, '');
}

function withoutQuotes(text: string): string {
	const marks = [...text.matchAll(QUOTE)].map(({ index }) => index);
	const [first] = marks;
	if (first === undefined) return text;
	const last = marks.at(-1) ?? first;
	// One alone begins what was cut off.
	return last === first
		? `${text.slice(0, first)}…`
		: `${text.slice(0, first)}…${text.slice(last + 1)}`;
}
