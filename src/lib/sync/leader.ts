/**
 * Runs `work` in one tab of this browser profile at a time: the first to ask leads, the next takes over
 * when it goes. Where the browser has no Web Locks (an insecure origin) every tab leads.
 *
 * @param signal ends the leadership, or the wait for it.
 */
export async function lead(
	name: string,
	signal: AbortSignal,
	work: (signal: AbortSignal) => Promise<void>
): Promise<void> {
	if (signal.aborted) return;
	if (typeof navigator === 'undefined' || !navigator.locks) return work(signal);
	try {
		await navigator.locks.request(name, { signal }, () => work(signal));
	} catch (error) {
		if (!signal.aborted) throw error;
	}
}
