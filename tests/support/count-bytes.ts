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

/**
 * Adds up what the network has carried for a page so far, in bytes, headers included: of a file that is still
 * under way, the part that is there. Workers are left out.
 */
export async function countBytesSoFar(page: Page): Promise<() => number> {
	const session = await page.context().newCDPSession(page);
	const carried = new Map<string, number>();
	const add = (id: string, bytes: number) => carried.set(id, (carried.get(id) ?? 0) + bytes);
	session.on('Network.responseReceived', ({ requestId, response }) => {
		add(requestId, response.encodedDataLength);
	});
	session.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
		add(requestId, encodedDataLength);
	});
	// The whole of a file, whatever its parts were said to be.
	session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
		carried.set(requestId, encodedDataLength);
	});
	await session.send('Network.enable');
	return () => [...carried.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** Makes the network of a page that of a phone with little reception: 400 kbit/s, 300 ms there and back. */
export async function slowDown(page: Page): Promise<void> {
	const session = await page.context().newCDPSession(page);
	await session.send('Network.enable');
	await session.send('Network.emulateNetworkConditions', {
		offline: false,
		latency: 300,
		downloadThroughput: 50_000,
		uploadThroughput: 50_000
	});
}
