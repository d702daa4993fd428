/**
 * How Chromium is started, on a machine whose only network may be itself: without the last flags it goes
 * looking for its maker at every start. It is the one that `npm test` found, or `chromium` on the PATH.
 */
export const CHROMIUM = {
	executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
	args: [
		'--no-sandbox',
		'--disable-gpu',
		'--disable-quic',
		'--no-first-run',
		'--disable-background-networking',
		'--disable-component-update',
		'--disable-sync'
	]
};
