import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Databases, OpenDatabase } from '#service/couch/embedded/databases.ts';

/** One request, taken apart. */
export interface Exchange {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	/** GET for HEAD too: Node leaves the body out by itself. */
	readonly method: string;
	/** The path's parts, decoded. */
	readonly segments: string[];
	readonly query: URLSearchParams;
}

/** An answer in one piece. */
export interface Answer {
	status: number;
	body: unknown;
	headers?: Record<string, string>;
}

/** Answers a request to the store itself; `undefined` when it has written the response by itself. */
export type StoreHandler = (exchange: Exchange, store: StoreContext) => Promise<Answer>;

/** Answers a request to one database that is open meanwhile; `undefined` as above. */
export type DatabaseHandler = (
	exchange: Exchange,
	database: OpenDatabase
) => Promise<Answer | undefined>;

export interface StoreContext {
	readonly databases: Databases;
	readonly epoch: string;
}
