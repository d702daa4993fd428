const NAME = 'outlay-profile';
/** 400 days, the longest that browsers keep a cookie, in seconds. */
const SECONDS = 400 * 86_400;

/**
 * A note that somebody signed in on this browser, in a cookie: browsers that evict a site's databases
 * leave its cookies, and so the ledger comes back by itself. It says nothing about who; the session's own
 * cookie cannot be read from here.
 */
export const sessionHint = {
	get given(): boolean {
		return document.cookie.split('; ').includes(`${NAME}=1`);
	},
	give(): void {
		document.cookie = `${NAME}=1; path=/; max-age=${SECONDS}; samesite=strict`;
	},
	take(): void {
		document.cookie = `${NAME}=; path=/; max-age=0; samesite=strict`;
	}
};
