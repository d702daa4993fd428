import { readCookieNote, writeCookieNote } from './cookie-note.ts';

const NAME = 'outlay-profile';

/**
 * A note that somebody signed in on this browser: where the databases were evicted, the ledger comes back
 * by itself. It says nothing about who; the session's own cookie cannot be read from here.
 */
export const sessionHint = {
	get given(): boolean {
		return readCookieNote(NAME) === '1';
	},
	give(): void {
		writeCookieNote(NAME, '1');
	},
	take(): void {
		writeCookieNote(NAME, undefined);
	}
};
