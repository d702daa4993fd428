/**
 * Whether a document's revision goes to the trash, was emptied out of it, or is one that a merge removed: what
 * is taken in although the ledger is full.
 */
export function makesRoom(document: { readonly [field: string]: unknown }): boolean {
	const { _deleted, purged, deletedAt } = document;
	return _deleted === true || typeof purged === 'string' || typeof deletedAt === 'string';
}
