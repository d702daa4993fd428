import { once } from 'node:events';
import { type IncomingMessage, request as sendRequest } from 'node:http';
import type { Person } from '#tests/service/people.ts';

export interface Changes {
	results: { id: string }[];
	last_seq: string | number;
}

/** A longpoll that is parked: its headers have come. */
export interface Parked {
	answer: Promise<Changes>;
}

/** Parks a longpoll of somebody at a service, which need not be the one they signed in at. */
export async function park(person: Person, url: string, query = ''): Promise<Parked> {
	const path = `/sync/${person.ledgerId}/_changes?feed=longpoll&heartbeat=10000${query}`;
	const request = sendRequest(url + path, { headers: { cookie: person.cookie } });
	request.end();
	const [response] = (await once(request, 'response')) as [IncomingMessage];
	let text = '';
	response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
	return { answer: once(response, 'end').then(() => JSON.parse(text) as Changes) };
}

/** The ids of what a parked longpoll was answered with, each once: a store may tell of a change twice. */
export async function readIds({ answer }: Parked): Promise<string[]> {
	return [...new Set((await answer).results.map(({ id }) => id))];
}
