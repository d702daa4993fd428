import * as z from 'zod';
import type { CouchClient } from '#service/couch/client.ts';
import { readChangesAnswer } from '#service/replication/changes-answer.ts';
import type { Sequence } from '#service/replication/parked-longpolls.ts';
import { readJson } from '#service/replication/store-answers.ts';

/** Milliseconds a question may take. */
const ANSWER_MS = 10_000;

/** How many databases one question names at most: CouchDB's own bound. */
export const DATABASES_MOST = 100;

/** What the store says of a database; `'unknown'`: nothing. */
export type Look = { changed: true } | { changed: false; lastSeq: Sequence } | 'unknown';

/** How far a database is. */
export interface DatabaseState {
	/** Good for nothing but to be compared: what is equal is the same state of the same copy. */
	state: string;
	/** There is one copy, which answers all who ask: nobody is told less than somebody before them. */
	isOneCopy: boolean;
}

/** `'refused'`: the store does not say such things; `'unknown'`: not this time. */
export type States = ReadonlyMap<string, DatabaseState> | 'refused' | 'unknown';

/** What a store is asked by whoever looks for changes. Never fails: the next look tells more. */
export interface ChangeQuestions {
	/** Of at most {@link DATABASES_MOST} databases; one that is not in the answer the store knows nothing of. */
	states(databases: readonly string[]): Promise<States>;
	/** Whether anything has changed in a database since then. */
	look(database: string, since: Sequence): Promise<Look>;
}

const Infos = z.array(
	z.object({
		key: z.unknown(),
		info: z
			.object({
				update_seq: z.union([z.string(), z.number(), z.array(z.unknown())]),
				cluster: z.object({ n: z.number() }).optional()
			})
			.nullish()
	})
);

export function askForChanges(client: CouchClient): ChangeQuestions {
	return {
		async states(databases) {
			const signal = AbortSignal.timeout(ANSWER_MS);
			try {
				const body = { keys: databases };
				const response = await client.request('POST', '/_dbs_info', { body, signal });
				if (!response.ok) {
					await response.body?.cancel();
					return 'refused';
				}
				const infos = Infos.safeParse(await readJson(response));
				if (!infos.success) return 'refused';
				return new Map(
					infos.data.flatMap(({ key, info }) => (info ? [[String(key), toState(info)]] : []))
				);
			} catch {
				return 'unknown';
			}
		},
		async look(database, since) {
			const signal = AbortSignal.timeout(ANSWER_MS);
			try {
				const query = `feed=normal&limit=1&since=${encodeURIComponent(toText(since))}`;
				const path = `/${database}/_changes?${query}`;
				const response = await client.request('GET', path, { signal });
				if (!response.ok) {
					await response.body?.cancel();
					// It has moved away: whoever reads there finds out.
					return response.status === 404 ? { changed: true } : 'unknown';
				}
				const answer = await readChangesAnswer(response);
				return answer.empty ? { changed: false, lastSeq: answer.lastSeq } : { changed: true };
			} catch {
				return 'unknown';
			}
		}
	};
}

/** A sequence as a query takes it. */
export function toText(sequence: Sequence): string {
	return typeof sequence === 'string' ? sequence : JSON.stringify(sequence);
}

function toState({ update_seq, cluster }: NonNullable<z.infer<typeof Infos>[number]['info']>) {
	return { state: toText(update_seq), isOneCopy: cluster?.n === 1 };
}
