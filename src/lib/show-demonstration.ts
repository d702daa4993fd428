import { toasts } from '#lib/components/ui/toast-list.svelte.ts';
import type { Device } from '#lib/device.ts';

/** Loads what makes a demonstration up, and opens one. Says why not where that fails. @returns whether it is open. */
export async function showDemonstration(device: Device): Promise<boolean> {
	try {
		const { openDemonstration } = await import('./open-demonstration.ts');
		return await openDemonstration(device);
	} catch {
		toasts.show('The demonstration is not on this device yet. Try again when you are online.');
		return false;
	}
}
