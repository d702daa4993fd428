import { parse } from 'bowser';

const UNKNOWN = 'An unknown device';
/** No browser sends more; others shall not make us look for long. */
const MOST_CHARACTERS = 512;
const MOST_SHOWN = 64;

/** A device in a person's words, such as "Firefox on Android", from the `User-Agent` header. */
export function describeDevice(userAgent: string | undefined): string {
	if (!userAgent) return UNKNOWN;
	const { browser, os, platform } = parse(userAgent.slice(0, MOST_CHARACTERS));
	// iPad and iPhone are known by their own names.
	const machine = platform.vendor === 'Apple' && platform.model ? platform.model : os.name;
	const named = [browser.name?.replace(/ for Android$/, ''), machine].filter(Boolean);
	return named.length === 0 ? UNKNOWN : named.join(' on ').slice(0, MOST_SHOWN);
}
