import type { LedgerStore } from '#service/ledgers/ledger-store.ts';
import type { ParkedLongpolls } from '#service/replication/parked-longpolls.ts';

/** As given, and whoever waits on a database that is not the ledger's any more is told when its row has changed. */
export function endMoved(ledgers: LedgerStore, parked: ParkedLongpolls): LedgerStore {
	async function look(ledgerId: string): Promise<void> {
		// Whoever waits looks now and then by itself.
		const ledger = await ledgers.find(ledgerId).catch(() => undefined);
		if (ledger !== undefined) parked.endElsewhere(ledgerId, ledger.database);
	}
	return {
		...ledgers,
		forget(ledgerId) {
			ledgers.forget(ledgerId);
			if (parked.has(ledgerId)) void look(ledgerId);
		}
	};
}
