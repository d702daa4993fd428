import type { AccountParts } from '#service/accounts/account-parts.ts';
import { finishRemoval, type RemovalRow } from '#service/accounts/remove-account.ts';
import type { SessionRow } from '#service/accounts/session-store.ts';
import type { ThrottleRow } from '#service/accounts/throttle.ts';
import { settleLeftover } from '#service/accounts/unfinished-sign-up.ts';
import type { InviteRow } from '#service/admin/invites.ts';
import type { LedgerRow } from '#service/ledgers/ledger-row.ts';
import { releaseUnused } from '#service/ledgers/release-unused.ts';
import type { LeftoverRow } from '#service/ledgers/leftovers.ts';
import { type CouchDocument, StoreUnavailable } from '#service/couch/client.ts';

/** Milliseconds between two runs. */
const EVERY_MS = 10 * 60_000;
/** Rows read at a time, and how often in one run: a large store is gone through in several. */
const PAGE = 200;
const PAGES = 25;
/** Runs from one look for unused ledgers to the next, and how many are released in one: each takes some seconds. */
const RELEASE = { everyRuns: 36, most: 20 };
/** Milliseconds after which a removal that was never decided is forgotten: far more than a request may take. */
const UNDECIDED_MS = 10 * 60_000;

export interface Sweep {
	/** Does one run's work. @throws {StoreUnavailable} and the next run goes on */
	run(): Promise<void>;
	start(): void;
	stop(): void;
}

/**
 * Takes away what is over: sessions and counts whose time is up, sign-ups and removals that were interrupted. Several
 * processes may do it at once: a row is removed in the revision that was looked at, or not at all.
 *
 * @param report told what went wrong in a run
 * @param release when ledgers that were never written to give their databases back
 */
export function createSweep(
	parts: AccountParts,
	report: (error: unknown) => void,
	release: { afterDays: number; settleMs?: number } = { afterDays: 0 }
): Sweep {
	const { rows } = parts.accounts;
	let timer: NodeJS.Timeout | undefined;

	/** Goes on where the last run ended; after the last row, from the first again. */
	function makeRound<T extends CouchDocument>(prefix: string, look: (row: T) => Promise<unknown>) {
		let after = '';
		return async () => {
			for (let pages = 0; pages < PAGES; pages++) {
				const page = await rows.listAfter<T>(prefix, after, PAGE);
				for (const row of page) await look(row);
				after = page.length < PAGE ? '' : (page.at(-1)?._id ?? '');
				if (after === '') return;
			}
		};
	}

	async function remove({ _id, _rev }: CouchDocument): Promise<void> {
		if (_rev !== undefined) await rows.remove(_id, _rev);
	}

	const rounds = [
		makeRound<RemovalRow>('removal:', async (row) => {
			const isUndecided = (await parts.accounts.findAccount(row.accountId)) !== undefined;
			if (!isUndecided) await finishRemoval(parts, row.accountId);
			else if (Date.parse(row.beganAt) + UNDECIDED_MS < Date.now()) await remove(row);
		}),
		makeRound<LeftoverRow>('leftover:', (row) => settleLeftover(parts, row)),
		makeRound<SessionRow>('session:', async (row) => {
			if (Date.parse(row.expiresAt) <= Date.now()) await remove(row);
		}),
		makeRound<InviteRow>('invite:', async (row) => {
			if (Date.parse(row.expiresAt) <= Date.now()) await remove(row);
		}),
		makeRound<ThrottleRow>('throttle:', async (row) => {
			if (row.until <= Date.now()) await remove(row);
		})
	];

	let runs = 0;
	let released = 0;
	const releaseRound = makeRound<LedgerRow>('ledger:', async (row) => {
		if (released >= RELEASE.most) return;
		const { placements, databases } = parts;
		try {
			if (await releaseUnused({ rows, placements, databases, ...release }, row)) released++;
		} catch (error) {
			// One placement that is away is no reason to leave the others.
			if (!(error instanceof StoreUnavailable)) throw error;
		}
	});

	async function run(): Promise<void> {
		for (const round of rounds) await round();
		if (release.afterDays === 0 || runs++ % RELEASE.everyRuns > 0) return;
		released = 0;
		await releaseRound();
	}

	function schedule(): void {
		// Jittered: processes that were started together shall not sweep together.
		timer = setTimeout(
			async () => {
				await run().catch(report);
				if (timer !== undefined) schedule();
			},
			EVERY_MS * (0.5 + Math.random())
		);
		timer.unref();
	}

	return {
		run,
		start: schedule,
		stop() {
			clearTimeout(timer);
			timer = undefined;
		}
	};
}
