import type { Answer, StoreContext } from '#service/couch/embedded/exchange.ts';

/** How a client tells the embedded store from Apache CouchDB and Cloudant. */
export const EMBEDDED_VENDOR = 'Outlay embedded store';

/** The protocol's version that the store answers like. */
const COUCHDB_VERSION = '3.5.0';

/** `GET /`: the `uuid` is the store's epoch. */
export function toWelcome(store: StoreContext): Answer {
	return {
		status: 200,
		body: {
			couchdb: 'Welcome',
			version: COUCHDB_VERSION,
			uuid: store.epoch,
			features: [],
			vendor: { name: EMBEDDED_VENDOR }
		}
	};
}
