/** What `static/early-keys.js`, which comes with the HTML itself, has held back. */
interface EarlySubmit {
	release(): { form: HTMLFormElement; submitter: HTMLElement | null } | undefined;
}

/**
 * Lets forms be sent from now on, and sends the one that somebody sent before the page listened. To be
 * called once, when it does.
 */
export function releaseEarlySubmit(): void {
	const { earlySubmit } = globalThis as { earlySubmit?: EarlySubmit };
	const held = earlySubmit?.release();
	if (held?.form.isConnected) held.form.requestSubmit(held.submitter);
}
