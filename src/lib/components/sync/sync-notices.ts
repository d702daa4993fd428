import type { SyncState } from '#lib/state/sync.svelte.ts';
import { entries } from './sync-words.ts';

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
			unsent > 0
				? `Sign in again: ${entries(unsent)} wait here to be sent.`
				: 'Sign in again to keep your devices in step.',
			'/sign-in'
		);
	}
	if (status === 'suspended') {
		add('This account is suspended. Everything goes on here; ask who runs this service.');
	}
	if (status === 'cloud-full') {
		add(
			`Your space in the cloud is full: ${entries(unsent)} on this device alone. Empty the trash, or ask for more.`
		);
	}
	if (status === 'device-full') {
		add('This device has no room left. What is here can be read and exported; free some space.');
	}
	if (refused > 0) add(`The cloud would not take ${entries(refused)}. Safe on this device.`);
	if (lost > 0) {
		add(
			`The browser cleared this device: ${entries(lost)} that were not in the cloud yet are lost.`
		);
	}
	if (clockAhead !== 0) {
		add(
			`This device’s clock is ${clockWords(clockAhead)}. Set it right: of two edits the later one counts.`
		);
	}
	return notices;
}

/** "12 minutes ahead", "3 hours behind". */
function clockWords(minutesAhead: number): string {
	const minutes = Math.abs(minutesAhead);
	const [count, unit] =
		minutes < 120
			? [minutes, 'minute']
			: minutes < 2880
				? [Math.round(minutes / 60), 'hour']
				: [Math.round(minutes / 1440), 'day'];
	const format = new Intl.NumberFormat(undefined, { style: 'unit', unit, unitDisplay: 'long' });
	return `${format.format(count)} ${minutesAhead > 0 ? 'ahead' : 'behind'}`;
}
