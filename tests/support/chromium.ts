/** What Playwright turns off; a list of ours replaces its own. */
const OFF_FOR_PLAYWRIGHT = [
	'AvoidUnnecessaryBeforeUnloadCheckSync',
	'DestroyProfileOnBrowserClose',
	'HttpsUpgrades',
	'HttpsFirstBalancedModeAutoEnable',
	'LensOverlay',
	'MediaRouter',
	'PaintHolding',
	'ThirdPartyStoragePartitioning',
	'AvoidCorsURLLoaderRestartOnRedirect',
	'OptimizationHints',
	'NetworkTimeServiceQuerying',
	'AimEnabled',
	'PreconnectToSearch'
];

/**
 * The list below the address bar is two pages in a process of their own, loaded with every window though nobody sees
 * one: half of what a device costs before it has opened anything.
 */
const ADDRESS_BAR_LIST = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'];

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
		'--disable-sync',
		`--disable-features=${[...OFF_FOR_PLAYWRIGHT, ...ADDRESS_BAR_LIST].join()}`
	]
};
