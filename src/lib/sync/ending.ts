/** The code of an error that did not come from the service. */
export const NOT_JSON = 'not-json';

/** Why a connection ended. */
export type Ending =
	| 'stopped'
	/** No session, or somebody else's: a sign-in is needed. */
	| 'signed-out'
	/** Who runs the service has suspended the account. */
	| 'suspended'
	/** The ledger's database is another one now, or an older copy. */
	| 'new-incarnation'
	/** The device has no room left for what comes. */
	| 'device-full'
	/** Nothing was heard for so long that there is no connection any more. */
	| 'silent'
	/** Everything that passes. */
	| 'failed';

/**
 * What an answer means for the connection.
 *
 * @param error the code in it; a page in the place of JSON is not the service's word on who may do what.
 */
export function toEnding(status: number, error: unknown): Ending {
	if (status === 401) return 'signed-out';
	if (status !== 403 || error === NOT_JSON) return 'failed';
	return error === 'suspended' ? 'suspended' : 'signed-out';
}

/** What an exception means for the connection. */
export function endingOf(exception: unknown): Ending {
	// IndexedDB says it in a name, PouchDB passes that on as a reason.
	const { name, reason } = Object(exception) as { name?: unknown; reason?: unknown };
	return `${name} ${reason}`.includes('QuotaExceeded') ? 'device-full' : 'failed';
}

/** The error of an answer that is none, with its status. */
export function toError(asked: string, { status }: Response): Error {
	return Object.assign(new Error(`${asked} answered ${status}`), { status });
}
