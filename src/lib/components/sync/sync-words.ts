import type { SyncState } from '#lib/state/sync.svelte.ts';
import * as m from '#messages';

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
	const count = sync.unsent;
	const toSend = count > 0 ? m.sync_to_send({ count }) : '';
	switch (sync.status) {
		case 'opening':
			return { tone: 'still', short: '', long: m.sync_opening() };
		case 'on-this-device':
			return { tone: 'still', short: '', long: m.sync_on_this_device() };
		case 'connecting':
			if (sync.percentReceived !== null) {
				const percent = `${sync.percentReceived} %`;
				return { tone: 'moving', short: percent, long: m.sync_receiving_percent({ percent }) };
			}
			return sync.receiving > 0
				? {
						tone: 'moving',
						short: m.sync_receiving(),
						long: m.sync_receiving_so_far({ count: sync.receiving })
					}
				: { tone: 'moving', short: toSend, long: m.sync_connecting() };
		case 'sending':
			return { tone: 'moving', short: toSend, long: toSend || m.sync_sending() };
		case 'up-to-date':
			return { tone: 'fine', short: '', long: m.sync_in_the_cloud() };
		case 'offline':
			return {
				tone: 'still',
				short: toSend || m.common_offline(),
				long: count > 0 ? m.sync_offline_to_send({ count }) : m.common_offline()
			};
		case 'signed-out':
			return { tone: 'warning', short: m.sync_sign_in_again(), long: m.sync_sign_in_to_sync() };
		case 'suspended':
			return {
				tone: 'warning',
				short: m.sync_suspended(),
				long: count > 0 ? m.sync_suspended_waiting({ count }) : m.sync_suspended_long()
			};
		case 'cloud-full':
			return {
				tone: 'warning',
				short: m.sync_cloud_full(),
				long: count > 0 ? m.sync_cloud_full_waiting({ count }) : m.sync_cloud_full_long()
			};
		case 'device-full':
			return {
				tone: 'warning',
				short: m.sync_device_full(),
				long: m.sync_device_full_long()
			};
		case 'attention':
			return {
				tone: 'warning',
				short: m.sync_needs_you({ count: sync.refused }),
				long: m.sync_refused({ count: sync.refused })
			};
	}
}

/** "1 entry", "12 entries". */
export function entries(count: number): string {
	return m.common_entries({ count });
}
