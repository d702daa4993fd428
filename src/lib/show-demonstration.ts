import { toasts } from '#lib/components/ui/toast-list.svelte.ts';
import type { Device } from '#lib/device.ts';
import * as m from '#messages';

/** Loads what makes a demonstration up, and opens one. Says why not where that fails. @returns whether it is open. */
export async function showDemonstration(device: Device): Promise<boolean> {
	try {
		const { openDemonstration } = await import('./open-demonstration.ts');
		return await openDemonstration(device);
	} catch {
		toasts.show(m.home_demonstration_not_here());
		return false;
	}
}
