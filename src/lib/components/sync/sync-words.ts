import type { SyncState } from '#lib/state/sync.svelte.ts';

export interface SyncWords {
	/** The colour of the sign: nothing to say, fine, under way, or somebody has to do something. */
	tone: 'still' | 'fine' | 'moving' | 'warning';
	/** A word or two beside the sign, only when it matters. */
	short: string;
	/** The whole of it, for screen readers and the settings. */
	long: string;
}

export function syncWords(
	sync: Pick<SyncState, 'status' | 'unsent' | 'refused' | 'receiving' | 'percentReceived'>
): SyncWords {
	const toSend = sync.unsent > 0 ? `${sync.unsent} to send` : '';
	switch (sync.status) {
		case 'on-this-device':
			return { tone: 'still', short: '', long: 'On this device only' };
		case 'connecting':
			if (sync.percentReceived !== null) {
				const percent = `${sync.percentReceived} %`;
				return { tone: 'moving', short: percent, long: `Receiving your ledger, ${percent}` };
			}
			return sync.receiving > 0
				? {
						tone: 'moving',
						short: 'Receiving',
						long: `Receiving, ${entries(sync.receiving)} so far`
					}
				: { tone: 'moving', short: toSend, long: 'Connecting' };
		case 'sending':
			return { tone: 'moving', short: toSend, long: toSend || 'Sending' };
		case 'up-to-date':
			return { tone: 'fine', short: '', long: 'Everything is in the cloud' };
		case 'offline':
			return {
				tone: 'still',
				short: toSend || 'Offline',
				long: toSend ? `Offline, ${toSend}` : 'Offline'
			};
		case 'signed-out':
			return { tone: 'warning', short: 'Sign in again', long: 'Sign in again to go on syncing' };
		case 'attention':
			return {
				tone: 'warning',
				short: sync.refused > 0 ? `${sync.refused} not in the cloud` : 'Look here',
				long:
					sync.refused > 0
						? `${entries(sync.refused)} could not be put in the cloud yet`
						: 'Sync needs your attention'
			};
	}
}

/** "1 entry", "12 entries". */
export function entries(count: number): string {
	return `${new Intl.NumberFormat().format(count)} ${count === 1 ? 'entry' : 'entries'}`;
}
