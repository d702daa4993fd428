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
		case 'opening':
			return { tone: 'still', short: '', long: 'Opening your ledger' };
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
		case 'suspended':
			return {
				tone: 'warning',
				short: 'Suspended',
				long: `This account is suspended${waiting(sync.unsent)}`
			};
		case 'cloud-full':
			return {
				tone: 'warning',
				short: 'Cloud is full',
				long: `Your space in the cloud is full${waiting(sync.unsent)}`
			};
		case 'device-full':
			return {
				tone: 'warning',
				short: 'Device is full',
				long: 'This device has no room left for what comes'
			};
		case 'attention':
			return {
				tone: 'warning',
				short: `${entries(sync.refused)} ${sync.refused === 1 ? 'needs' : 'need'} you`,
				long: `${entries(sync.refused)} ${sync.refused === 1 ? 'is' : 'are'} not in the cloud yet: it would not take ${sync.refused === 1 ? 'it' : 'them'}`
			};
	}
}

/** Says how many entries are on this device alone. */
function waiting(unsent: number): string {
	if (unsent === 0) return '';
	return `: ${entries(unsent)} ${unsent === 1 ? 'waits' : 'wait'} on this device`;
}

/** "1 entry", "12 entries". */
export function entries(count: number): string {
	return `${new Intl.NumberFormat().format(count)} ${count === 1 ? 'entry' : 'entries'}`;
}
