import { createHash } from 'node:crypto';
import type { Ledger } from '#service/ledgers/ledger-store.ts';

/**
 * What a device hashes into its replication id. Another value makes it look through everything
 * again from the start, which is right whenever the store may have lost something.
 *
 * @param epoch which run of the store this is; see `CouchClient.epoch`
 */
export function toIncarnationId(ledger: Pick<Ledger, 'id' | 'incarnation'>, epoch: string): string {
	const parts = JSON.stringify([ledger.id, ledger.incarnation, epoch]);
	return createHash('sha256').update(parts).digest('hex').slice(0, 32);
}
