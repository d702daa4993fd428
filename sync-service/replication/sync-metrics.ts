import type { Peers } from '#service/peers/peers.ts';
import type { Metrics } from '#service/plugins/metrics.ts';
import type { ParkedLongpolls } from '#service/replication/parked-longpolls.ts';

/** How soon a device hears of what is written elsewhere. */
export function addSyncMetrics(
	metrics: Metrics,
	parked: ParkedLongpolls,
	peers: Peers | undefined
): void {
	metrics.add(
		'gauge',
		'outlay_recheck_lag_seconds',
		'Time since that ledger was looked at, of all somebody waits for, for which this is the longest ago.',
		() => parked.recheckLagMs / 1000
	);
	if (peers === undefined) return;
	metrics.add(
		'gauge',
		'outlay_peers',
		'Other processes that heard what they were told last.',
		() => peers.counts().known
	);
	metrics.add(
		'counter',
		'outlay_peer_calls_total',
		'Calls that another process heard.',
		() => peers.counts().heard
	);
	metrics.add(
		'counter',
		'outlay_peer_calls_failed_total',
		'Calls that nobody heard.',
		() => peers.counts().failed
	);
	metrics.add(
		'counter',
		'outlay_peer_wakes_total',
		'Ledgers that another process told were written to.',
		() => peers.counts().wakes
	);
}
