import type { Endings } from '#service/accounts/endings.ts';
import type { Rows } from '#service/accounts/rows.ts';
import { StoreUnavailable } from '#service/couch/client.ts';

/** Milliseconds between two looks: with the look itself, well below five seconds. */
const LOOK_MS = 3_000;

/** What is open for long and must be told, ids starting with these; the rest of an id ends in its credential's key. */
const CREDENTIALS = ['session:', 'app-password:'];
const ACCOUNT = 'account:';
const LEDGER = 'ledger:';

export interface AccountFeed {
	/** Notes where the accounts' database is: whatever is read from it later is followed. Never throws. */
	begin(): Promise<void>;
	/** Tells what other processes ended since the last look. Never throws. */
	look(): Promise<void>;
	stop(): void;
}

/**
 * Hears of what other processes ended: one small question every few seconds, however many sessions are open.
 * It is asked only while something is; where it stands is kept meanwhile, so nothing is missed.
 *
 * @param onLedgerRow told of ledgers whose rows changed
 * @param isNeeded whether anything is held open that an ending must reach
 * @param report told what should not happen; a store that is away is none of it
 */
export function followAccounts(
	rows: Rows,
	endings: Endings,
	onLedgerRow: (ledgerId: string) => void,
	isNeeded: () => boolean,
	report: (error: unknown) => void,
	lookMs: number = LOOK_MS
): AccountFeed {
	let position: string | undefined;
	let looking: Promise<void> | undefined;
	let timer: NodeJS.Timeout | undefined;

	async function readOn(): Promise<void> {
		if (position === undefined) {
			position = (await rows.changes()).last;
			return;
		}
		for (let more = true; more;) {
			const page = await rows.changes(position);
			for (const { id, removed, own } of page.changes) if (!own) tell(id, removed);
			position = page.last;
			more = page.more;
		}
	}

	function tell(id: string, removed: boolean): void {
		if (id.startsWith(LEDGER)) onLedgerRow(id.slice(LEDGER.length));
		else if (id.startsWith(ACCOUNT)) endings.recheckAccount(id.slice(ACCOUNT.length), 'elsewhere');
		else if (removed && CREDENTIALS.some((prefix) => id.startsWith(prefix))) {
			endings.endCredential(id.slice(id.lastIndexOf(':') + 1), 'elsewhere');
		}
	}

	async function look(): Promise<void> {
		looking ??= readOn().catch((error: unknown) => {
			// The next look tells; meanwhile nobody can be identified, and nothing is told to whom it is not due.
			if (!(error instanceof StoreUnavailable)) report(error);
		});
		try {
			await looking;
		} finally {
			looking = undefined;
		}
	}

	function schedule(): void {
		// Jittered: many processes must not ask in the same instant.
		timer = setTimeout(
			async () => {
				if (isNeeded()) await look();
				if (timer !== undefined) schedule();
			},
			lookMs * (0.8 + 0.4 * Math.random())
		);
		timer.unref();
	}

	return {
		async begin() {
			await look();
			schedule();
		},
		look,
		stop() {
			clearTimeout(timer);
			timer = undefined;
		}
	};
}
