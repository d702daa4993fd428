import * as m from '#messages';
import { sentence } from './messages.ts';

/** What did not work: a code with a sentence, after how many seconds it is worth trying again, and what to quote. */
export interface Failure {
	problem: string;
	waitSeconds?: number;
	requestId?: string;
}

/** What to tell a person of it, in sentences. */
export function failureWords({ problem, waitSeconds, requestId }: Failure): string {
	if (problem === 'too-many-requests' && waitSeconds !== undefined) {
		return m.problem_wait({ time: waitWords(waitSeconds) });
	}
	// Elsewhere it is an entry that is missing.
	if (problem === 'not-found') return m.problem_not_there();
	if (problem === 'internal' && requestId !== undefined) {
		return m.problem_quote({ sentence: sentence(problem), id: requestId });
	}
	return sentence(problem);
}

/** "40 seconds", "12 minutes", "2 hours": never less than it takes. */
export function waitWords(seconds: number): string {
	if (seconds < 60) return inUnit(seconds, 'second');
	if (seconds < 60 * 60) return inUnit(Math.ceil(seconds / 60), 'minute');
	return inUnit(Math.ceil(seconds / 3600), 'hour');
}

function inUnit(value: number, unit: 'second' | 'minute' | 'hour'): string {
	return new Intl.NumberFormat(undefined, { style: 'unit', unit, unitDisplay: 'long' }).format(
		value
	);
}
