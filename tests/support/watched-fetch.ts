import type { Fetch } from '#lib/sync/careful-fetch.ts';

/** What a device asked the cloud and was given. */
export interface WatchedFetch {
	fetch: Fetch;
	/** `GET _changes`, `POST _bulk_get`, … in their order; checkpoints as `GET _local`. */
	requests: string[];
	/** In how many answers the body of a document came, by `<id> <rev>`, once all are read. */
	fetched(): Promise<Map<string, number>>;
	/** The ids that the cloud was asked whether it has them. */
	offered: string[];
	/** The ids of documents that were sent. */
	sent: string[];
	/** Forgets everything. */
	clear(): void;
}

interface Answer {
	results?: { id: string; doc?: Body | null; docs?: { ok?: Body }[] }[];
}

interface Body {
	_id: string;
	_rev: string;
}

export function watchFetch(fetch: Fetch): WatchedFetch {
	const requests: string[] = [];
	const offered: string[] = [];
	const sent: string[] = [];
	const answers: Promise<string>[] = [];
	return {
		requests,
		offered,
		sent,
		async fetch(url, init) {
			const address = new URL(String(url));
			const name = address.pathname.split('/')[3] ?? '';
			requests.push(`${init?.method ?? 'GET'} ${name}`);
			if (name === '_revs_diff') {
				offered.push(...Object.keys(JSON.parse(String(init?.body)) as object));
			}
			if (name === '_bulk_docs') {
				const { docs } = JSON.parse(String(init?.body)) as { docs: Body[] };
				sent.push(...docs.map(({ _id }) => _id));
			}
			const response = await fetch(url, init);
			const hasBodies = name === '_bulk_get' || address.searchParams.has('include_docs');
			if (hasBodies) answers.push(response.clone().text());
			return response;
		},
		async fetched() {
			const counts = new Map<string, number>();
			for (const text of await Promise.all(answers)) {
				// A store may tell a change twice in one answer: nobody asked it to.
				const told = new Set<string>();
				for (const { doc, docs } of (JSON.parse(text) as Answer).results ?? []) {
					for (const body of [doc, ...(docs ?? []).map(({ ok }) => ok)]) {
						if (body) told.add(`${body._id} ${body._rev}`);
					}
				}
				for (const key of told) counts.set(key, (counts.get(key) ?? 0) + 1);
			}
			return counts;
		},
		clear() {
			for (const list of [requests, offered, sent, answers]) list.length = 0;
		}
	};
}
