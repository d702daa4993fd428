import { SENTENCES } from '#lib/domain/problem-words/en.ts';

/** What happened, what is safe, what to do. None of the service's codes is missing. */
const BY_CODE: Readonly<Record<string, string>> = SENTENCES;

/** The sentence for a problem code. */
export function sentence(code: string): string {
	return BY_CODE[code] ?? 'Something went wrong. Nothing is lost; try again.';
}
