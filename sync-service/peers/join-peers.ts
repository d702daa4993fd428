import type { Endings } from '#service/accounts/endings.ts';
import type { LedgerStore } from '#service/ledgers/ledger-store.ts';
import type { NewsKind } from '#service/peers/news.ts';
import type { Peers } from '#service/peers/peers.ts';
import type { ParkedLongpolls } from '#service/replication/parked-longpolls.ts';

export interface Joined {
	/** As given, and the other processes forget what this one does. */
	ledgers: LedgerStore;
	/** A ledger was written to. */
	written(ledgerId: string): void;
}

/** Ties what happens in this process to what happens in the others. What is heard is never passed on. */
export function joinPeers(
	peers: Pick<Peers, 'tell' | 'onNews'> | undefined,
	{
		endings,
		ledgers,
		parked
	}: { endings: Endings; ledgers: LedgerStore; parked: Pick<ParkedLongpolls, 'wake'> }
): Joined {
	const hear: Record<NewsKind, (id: string) => void> = {
		written: (id) => parked.wake(id),
		ended: (id) => endings.endCredential(id, 'elsewhere'),
		recheck: (id) => endings.recheckAccount(id, 'elsewhere'),
		forget: (id) => ledgers.forget(id)
	};
	peers?.onNews((kind, id) => hear[kind](id));
	endings.onCredentialEnd((key, origin) => {
		if (origin === 'here') peers?.tell('ended', key);
	});
	endings.onAccountRecheck((accountId, origin) => {
		if (origin === 'here') peers?.tell('recheck', accountId);
	});
	return {
		ledgers: {
			...ledgers,
			forget(ledgerId) {
				ledgers.forget(ledgerId);
				peers?.tell('forget', ledgerId);
			}
		},
		written(ledgerId) {
			parked.wake(ledgerId);
			peers?.tell('written', ledgerId);
		}
	};
}
