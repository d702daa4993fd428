import type { SyncState } from '#lib/state/sync.svelte.ts';
import * as m from '#messages';

/** Something about sync that a person should know, and where to do something about it. */
export interface SyncNotice {
	href: string;
	text: string;
}

export function syncNotices(
	sync: Pick<SyncState, 'status' | 'unsent' | 'refused' | 'lost' | 'clockAhead'>
): SyncNotice[] {
	const { status, unsent, refused, lost, clockAhead } = sync;
	const notices: SyncNotice[] = [];
	const add = (text: string, href = '/settings/sync'): unknown => notices.push({ text, href });
	if (status === 'signed-out') {
		add(
			unsent > 0 ? m.sync_notice_sign_in_waiting({ count: unsent }) : m.sync_notice_sign_in(),
			'/sign-in'
		);
	}
	if (status === 'suspended') {
		add(m.sync_notice_suspended());
	}
	if (status === 'cloud-full') {
		add(m.sync_notice_cloud_full({ count: unsent }));
	}
	if (status === 'device-full') {
		add(m.sync_notice_device_full());
	}
	if (refused > 0) add(m.sync_notice_refused({ count: refused }));
	if (lost > 0) {
		add(m.sync_notice_lost({ count: lost }));
	}
	if (clockAhead !== 0) {
		add(
			clockAhead > 0
				? m.sync_notice_clock_ahead({ time: timeWords(clockAhead) })
				: m.sync_notice_clock_behind({ time: timeWords(-clockAhead) })
		);
	}
	return notices;
}

/** "12 minutes", "3 hours". */
function timeWords(minutes: number): string {
	const [count, unit] =
		minutes < 120
			? [minutes, 'minute']
			: minutes < 2880
				? [Math.round(minutes / 60), 'hour']
				: [Math.round(minutes / 1440), 'day'];
	return new Intl.NumberFormat(undefined, { style: 'unit', unit, unitDisplay: 'long' }).format(
		count
	);
}
