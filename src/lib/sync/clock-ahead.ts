/** From here on a clock is worth a word, in minutes. */
const WORTH_A_WORD = 5;

/**
 * How far this device's clock is ahead of the service's, in whole minutes; 0 = not worth a word, or nobody
 * can say. Both times are milliseconds since the Unix epoch.
 */
export function clockAhead(answer: Response, askedAt: number, answeredAt: number): number {
	const theirs = Date.parse(answer.headers.get('date') ?? '');
	const minutes = Math.round(((askedAt + answeredAt) / 2 - theirs) / 60_000);
	return Math.abs(minutes) > WORTH_A_WORD ? minutes : 0;
}
