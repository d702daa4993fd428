/** Why a connection ended. */
export type Ending = 'stopped' | 'signed-out' | 'new-incarnation' | 'failed';

/** 401: no session. 403: somebody else's session. Both end with a sign-in. Everything else passes. */
export function toEnding(status: unknown): Ending {
	return status === 401 || status === 403 ? 'signed-out' : 'failed';
}

export function statusOf(error: unknown): unknown {
	return typeof error === 'object' && error !== null && 'status' in error
		? error.status
		: undefined;
}

/** The error of an answer that is none, with its status. */
export function toError(asked: string, { status }: Response): Error {
	return Object.assign(new Error(`${asked} answered ${status}`), { status });
}
