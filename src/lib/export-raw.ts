import { saveFile } from './components/settings/save-file.ts';
import { noteMoment } from './state/ledger-moments.ts';
import { currentLedger, DeviceRegistry } from './storage/device-registry.ts';
import { readRawLedgers } from './storage/read-raw-ledgers.ts';

/** What an export came to. */
export interface Exported {
	documents: number;
	/** Records that the browser would not give out. */
	unread: number;
}

/**
 * Gives the person everything that is on this device as a file, whatever else works: see `read-raw-ledgers.ts`.
 * Where the device's own notes cannot be read, every ledger of this browser, in a file each.
 *
 * @throws what the browser says when nothing can be read.
 */
export async function exportRaw(): Promise<Exported> {
	const record = await new DeviceRegistry().peek().catch(() => undefined);
	const ledgers = await readRawLedgers(record && currentLedger(record).name);
	for (const [index, { name, documents }] of ledgers.entries()) {
		const suffix = index === 0 ? '' : `-${index + 1}`;
		saveFile(`outlay-ledger${suffix}.json`, toJson(documents));
		noteMoment('exported', name);
	}
	const sum = (count: (ledger: (typeof ledgers)[number]) => number): number =>
		ledgers.reduce((total, ledger) => total + count(ledger), 0);
	return {
		documents: sum(({ documents }) => documents.length),
		unread: sum(({ unread }) => unread)
	};
}

/** In parts: a large ledger is never one string. */
function toJson(documents: readonly unknown[]): string[] {
	return ['[', ...documents.map((each, at) => (at > 0 ? ',\n' : '') + JSON.stringify(each)), ']'];
}
