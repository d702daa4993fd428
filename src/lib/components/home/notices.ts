import { syncNotices } from '#lib/components/sync/sync-notices.ts';
import type { BudgetAlert } from '#lib/domain/ledger/month-budget.ts';
import { toFilterAddress } from '#lib/domain/ledger/filter-address.ts';
import { formatMoney } from '#lib/domain/money.ts';
import type { Dismissed } from '#lib/state/dismissed.ts';
import type { SyncState } from '#lib/state/sync.svelte.ts';
import * as m from '#messages';

/** Something that a person should know, and where to do something about it. */
export interface Notice {
	href: string;
	text: string;
	/** What it is dismissed under, where it is no fault; it comes back when it is about more than `size`. */
	key?: string;
	size?: number;
}

/** What the notices are made of. */
export interface NoticeFacts {
	sync: Pick<SyncState, 'status' | 'unsent' | 'refused' | 'lost' | 'clockAhead'>;
	/** Whether the ledger belongs to a profile, and whether it is a demonstration, for which nobody need worry. */
	hasProfile: boolean;
	isDemonstration: boolean;
	/** Whether the browser may clear it; `undefined` = it does not say. */
	persisted: boolean | undefined;
	nearlyFull: boolean;
	/** Documents that cannot be read, and those of a newer version. */
	unreadable: number;
	newer: number;
	/** Entries in all, and those without a category. */
	count: number;
	uncategorised: number;
	/** When the cloud last had everything, and when a copy was last exported, in milliseconds since the Unix epoch. */
	inStepAt: number | undefined;
	exportedAt: number | undefined;
	alerts: readonly (BudgetAlert & { name: string })[];
	/** The days of this month. */
	days: { from: string; to: string };
	now: number;
}

const DAY_MS = 86_400_000;
/** From so many entries on it would be a pity to lose them, or to have no copy. */
const PRECIOUS = 10;
const WORTH_A_COPY = 50;
/** After so many days a copy is old, and waiting to be sent is long. */
const OLD_COPY = 30;
const LONG_WAIT = 3;
/** No more budgets than this are named. */
const NAMED = 3;

/** What needs attention, faults first. */
export function noticesOf(facts: NoticeFacts): Notice[] {
	const { count, unreadable, newer, uncategorised } = facts;
	const notices: Notice[] = [...syncNotices(facts.sync)];
	const waited = daysSince(facts.inStepAt, facts.now);
	const { unsent, status } = facts.sync;
	// Signed out says so itself.
	if (unsent > 0 && status !== 'signed-out' && waited !== undefined && waited >= LONG_WAIT) {
		notices.push({
			href: '/settings/sync',
			text: m.home_notice_waited({ count: unsent, days: waited })
		});
	}
	if (facts.nearlyFull) {
		notices.push({
			href: '/settings/sync',
			text: m.home_notice_nearly_full()
		});
	}
	if (unreadable > 0) {
		notices.push({
			href: '/settings',
			text: m.home_notice_unreadable({ count: unreadable })
		});
	}
	if (newer > 0) {
		notices.push({
			href: '/settings',
			text: m.home_notice_newer({ count: newer })
		});
	}
	notices.push(...facts.alerts.slice(0, NAMED).map((alert) => budgetNotice(alert, facts.days)));
	if (!facts.hasProfile && !facts.isDemonstration) notices.push(...aloneNotices(facts));
	if (uncategorised > 0) {
		notices.push({
			href: `/transactions?${toFilterAddress({ uncategorised: true })}`,
			text: m.home_notice_uncategorised({
				count: uncategorised,
				all: new Intl.NumberFormat().format(count)
			}),
			key: 'uncategorised',
			size: uncategorised
		});
	}
	return notices;
}

/** Those that were not dismissed, or are about more by now. */
export function stillOpen(notices: readonly Notice[], dismissed: Dismissed): Notice[] {
	return notices.filter(
		({ key, size = 1 }) => key === undefined || !((dismissed[key] ?? 0) >= size)
	);
}

/** There is no other copy. Said anew every month. */
function aloneNotices({ persisted, count, exportedAt, days, now }: NoticeFacts): Notice[] {
	const key = `alone:${days.from}`;
	if (persisted === false && count >= PRECIOUS) {
		return [{ href: '/settings/sync', text: m.home_notice_unprotected(), key }];
	}
	const age = daysSince(exportedAt, now);
	if (count < WORTH_A_COPY || (age !== undefined && age < OLD_COPY)) return [];
	const text =
		age === undefined
			? m.home_notice_no_copy({ count })
			: m.home_notice_old_copy({ count, days: age });
	return [{ href: '/settings/sync', text, key }];
}

function budgetNotice(
	{ progress, share, isOver, name }: NoticeFacts['alerts'][number],
	days: NoticeFacts['days']
): Notice {
	const { budget, leftMinor } = progress;
	const { categoryId, currency } = budget;
	const left = formatMoney(Math.abs(leftMinor), currency);
	const percent = new Intl.NumberFormat(undefined, { style: 'percent' });
	const text = isOver
		? m.home_notice_budget_over({ name, left })
		: m.home_notice_budget_near({ name, left, percent: percent.format(share) });
	const filter = { ...days, currency, kind: 'expense' as const, categoryId: categoryId ?? '' };
	return {
		href: `/transactions?${toFilterAddress(filter)}`,
		text,
		key: `${budget._id}:${isOver ? 'over' : 'nearly'}`
	};
}

function daysSince(moment: number | undefined, now: number): number | undefined {
	return moment === undefined ? undefined : Math.floor((now - moment) / DAY_MS);
}
