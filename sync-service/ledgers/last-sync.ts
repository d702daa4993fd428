import type { Rows } from '#service/accounts/rows.ts';
import { StoreUnavailable } from '#service/couch/client.ts';
import { onNobodysBehalf } from '#service/log/request-id.ts';
import type { LedgerRow } from '#service/ledgers/ledger-row.ts';

/** Keeps when each ledger was last reached by a device, to the hour. */
export interface LastSync {
	/** A ledger is being reached. Costs no time: it is written later, together with others, or not at all. */
	note(ledgerId: string): void;
	stop(): void;
}

/** Milliseconds between two notes of one ledger. */
const EVERY_MS = 60 * 60_000;
/** Milliseconds for which notes are gathered before they are written. */
const GATHER_MS = 60_000;
const REMEMBERED_MOST = 20_000;

/** @param report told what should not happen; a store that is away is none of it */
export function createLastSync(
	rows: Rows,
	report: (error: unknown) => void,
	gatherMs: number = GATHER_MS
): LastSync {
	/** When each was noted last, in milliseconds since the Unix epoch, the oldest first. */
	const noted = new Map<string, number>();
	const waiting = new Map<string, number>();
	let isStopped = false;
	let timer: NodeJS.Timeout | undefined;

	async function write(ledgerId: string, at: number): Promise<void> {
		const row = await rows.find<LedgerRow>(`ledger:${ledgerId}`);
		// Gone meanwhile, or noted by another process.
		if (row === undefined || at - Date.parse(row.lastSyncAt ?? '1970-01-01') < EVERY_MS) return;
		// Where somebody else writes the row at this moment, the next hour notes it.
		await rows.put({ ...row, lastSyncAt: new Date(at).toISOString() });
	}

	async function writeAll(): Promise<void> {
		try {
			for (const [ledgerId, at] of waiting) {
				await write(ledgerId, at);
				waiting.delete(ledgerId);
			}
		} catch (error) {
			// Noted anew when they are reached again.
			for (const ledgerId of waiting.keys()) noted.delete(ledgerId);
			waiting.clear();
			if (!(error instanceof StoreUnavailable)) report(error);
		}
	}

	function schedule(): void {
		if (isStopped) return;
		const write = async () => {
			await writeAll();
			timer = undefined;
			if (waiting.size > 0) schedule();
		};
		timer ??= onNobodysBehalf(() => setTimeout(write, gatherMs)).unref();
	}

	return {
		note(ledgerId) {
			const now = Date.now();
			if (now - (noted.get(ledgerId) ?? 0) < EVERY_MS) return;
			noted.delete(ledgerId);
			noted.set(ledgerId, now);
			const [oldest] = noted.keys();
			if (noted.size > REMEMBERED_MOST && oldest !== undefined) noted.delete(oldest);
			waiting.set(ledgerId, now);
			schedule();
		},
		stop() {
			isStopped = true;
			clearTimeout(timer);
		}
	};
}
