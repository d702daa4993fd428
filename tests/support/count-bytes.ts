import type { Page } from 'playwright-core';

/** Adds up what the network carries for a page and its worker from now on, headers included, in bytes. */
export async function countBytes(page: Page): Promise<() => Promise<number>> {
	const session = await page.context().newCDPSession(page);
	let bytes = 0;
	session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
	await session.send('Network.enable');
	// A worker's script is loaded outside of the page: its length is told, what was carried is not.
	const worker = page.waitForResponse((response) => response.url().includes('/workers/'));
	return async () => {
		const response = await worker;
		const { responseHeadersSize } = await response.request().sizes();
		return bytes + Number(await response.headerValue('content-length')) + responseHeadersSize;
	};
}
