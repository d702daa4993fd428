import { expect, test } from 'vitest';
import { describeDevice } from '#service/accounts/describe-device.ts';

const ON_WEBKIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5';
const ON_BLINK = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0';

test.each([
	['Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0', 'Firefox on Android'],
	[`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${ON_BLINK} Safari/537.36`, 'Chrome on Windows'],
	[
		`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${ON_BLINK} Safari/537.36 Edg/130.0.0.0`,
		'Microsoft Edge on Windows'
	],
	[
		`Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) ${ON_WEBKIT} Mobile/15E148 Safari/604.1`,
		'Safari on iPhone'
	],
	[
		`Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) ${ON_WEBKIT} Mobile/15E148 Safari/604.1`,
		'Safari on iPad'
	],
	[
		`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${ON_WEBKIT} Safari/605.1.15`,
		'Safari on macOS'
	],
	[
		'Mozilla/5.0 (Linux; Android 13; SM-S901B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36',
		'Samsung Internet on Android'
	],
	['curl/8.5.0', 'An unknown device'],
	['', 'An unknown device'],
	[undefined, 'An unknown device'],
	[`${'x'.repeat(5_000)}/1.0 (foo)`, 'An unknown device']
])('%.40s is %s', (userAgent, device) => {
	expect(describeDevice(userAgent)).toBe(device);
});

test('whatever a header says, what is shown is short', () => {
	expect(describeDevice(`${'y'.repeat(400)}/1.0 (foo)`).length).toBeLessThanOrEqual(64);
});
