import { readCookieNote, writeCookieNote } from './cookie-note.ts';
import type { SyncReport } from './sync-report.ts';

const UNSENT = 'outlay-unsent';
const LOST = 'outlay-lost';

/** What would be lost, and what was, when the browser evicts the databases. */
export const lossNote = {
	/** Takes note of how many entries are on this device alone. */
	take({ status, unsent }: SyncReport): void {
		// At first nobody has counted yet.
		if (unsent > 0 || status === 'up-to-date') write(UNSENT, unsent);
	},
	/** The databases are empty that were not: what was not in the cloud is lost. */
	findEvicted(): void {
		write(LOST, read(LOST) + read(UNSENT));
		write(UNSENT, 0);
	},
	/** How many entries were lost, as far as is known and until the person has said that it is understood. */
	get lost(): number {
		return read(LOST);
	},
	/** The person knows of those that were lost, or removed them. */
	forget(which: 'lost' | 'unsent'): void {
		write(which === 'lost' ? LOST : UNSENT, 0);
	}
};

function read(name: string): number {
	return Number(readCookieNote(name) ?? 0);
}

function write(name: string, count: number): void {
	if (count !== read(name)) writeCookieNote(name, count > 0 ? String(count) : undefined);
}
