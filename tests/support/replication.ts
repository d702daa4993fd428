import type { TestDevice } from './devices.ts';
import { openDatabase } from '#lib/storage/open-database.ts';
import { UnsentEntries } from '#lib/storage/unsent-entries.ts';
import type { Fetch } from '#lib/sync/careful-fetch.ts';
import { Replicator } from '#lib/sync/replicator.ts';
import { settleConflicts } from '#lib/sync/settle-conflicts.ts';
import type { SyncReport } from '#lib/sync/sync-report.ts';

/** A device whose sync runs, as its leader tab would run it. */
export interface SyncingDevice {
	replicator: Replicator;
	unsent: UnsentEntries;
	reports: SyncReport[];
	/** Resolves with the first report, from now on or the one that stands, of which `test` is true. */
	until(test: (report: SyncReport) => boolean): Promise<SyncReport>;
	stop(): Promise<void>;
}

/**
 * Starts sync of a device with a ledger.
 *
 * @param onreport called with every report, in the moment in which it is made.
 */
export async function startSync(
	device: TestDevice,
	ledgerUrl: string,
	fetch: Fetch,
	onreport: (report: SyncReport) => void = () => {}
): Promise<SyncingDevice> {
	const conflicts = new Set<string>();
	const unlisten = device.feed.listen(({ documents }) => {
		for (const { id, conflicts: others } of documents) if (others.length > 0) conflicts.add(id);
	});
	await device.feed.open();
	const unsent = new UnsentEntries(device.database, device.id);
	await unsent.load(device.feed);
	const ended = new AbortController();
	settleConflicts(device.database, device.feed, conflicts, ended.signal);
	unlisten();
	const reports: SyncReport[] = [];
	const waiting = new Set<() => void>();
	const replicator = new Replicator({
		database: device.database,
		unsent,
		ledgerUrl,
		fetch,
		onreport(report) {
			onreport(report);
			reports.push(report);
			for (const look of waiting) look();
		}
	});
	const running = replicator.run();
	return {
		replicator,
		unsent,
		reports,
		until: (test) =>
			new Promise((resolve) => {
				const look = (): void => {
					const last = reports.at(-1);
					if (!last || !test(last)) return;
					waiting.delete(look);
					resolve(last);
				};
				waiting.add(look);
				look();
			}),
		async stop() {
			ended.abort();
			replicator.stop();
			unsent.stop();
			device.feed.close();
			await running;
		}
	};
}

/** Opens the database of a device again, as its next start does. */
export function reopen(device: TestDevice): TestDevice['database'] {
	return openDatabase(device.name, 'memory');
}

/** `fetch` with a session. */
export function fetchAs(cookie: string): Fetch {
	return (url, init) => {
		const headers = new Headers(init?.headers);
		headers.set('cookie', cookie);
		return fetch(url, { ...init, headers });
	};
}
