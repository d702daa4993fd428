import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** What an id from outside must look like: long enough to be one, short enough for every line. */
const REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/;

const ids = new AsyncLocalStorage<string | undefined>();

/** The header that carries it, between a proxy, us and the store. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** 64 random bits in hexadecimal: short enough to be read out on the telephone. */
export function makeRequestId(): string {
	return randomBytes(8).toString('hex');
}

export function isRequestId(text: unknown): text is string {
	return typeof text === 'string' && REQUEST_ID.test(text);
}

/** Runs `work` and all that follows from it on behalf of a request. */
export function withRequestId<T>(id: string, work: () => T): T {
	return ids.run(id, work);
}

/** Runs what goes on for everybody, whoever's request happened to begin it. */
export function onNobodysBehalf<T>(work: () => T): T {
	return ids.run(undefined, work);
}

/** The header that tells a store on behalf of which request it is asked; none where it is nobody's. */
export function toRequestIdHeader(): Record<string, string> {
	const id = ids.getStore();
	return id === undefined ? {} : { [REQUEST_ID_HEADER]: id };
}
