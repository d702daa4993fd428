/** 400 days, the longest that browsers keep a cookie, in seconds. */
const SECONDS = 400 * 86_400;

/**
 * A short note in a cookie: browsers that evict a site's databases leave its cookies. Only pages have
 * them, workers do not.
 */
export function readCookieNote(name: string): string | undefined {
	const found = document.cookie.split('; ').find((cookie) => cookie.startsWith(`${name}=`));
	return found?.slice(name.length + 1);
}

/** Writes the note; `undefined` removes it. */
export function writeCookieNote(name: string, value: string | undefined): void {
	const seconds = value === undefined ? 0 : SECONDS;
	document.cookie = `${name}=${value ?? ''}; path=/; max-age=${seconds}; samesite=strict`;
}
