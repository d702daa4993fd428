import { countHashes } from '#service/accounts/password.ts';
import type { Sessions } from '#service/accounts/sessions.ts';
import type { LedgerDatabases } from '#service/ledgers/ledger-databases.ts';
import type { Placements } from '#service/ledgers/placements.ts';
import type { Metrics } from '#service/plugins/metrics.ts';
import type { BodyIntake } from '#service/replication/body-intake.ts';

export interface Watched {
	placements: Placements;
	databases: Pick<LedgerDatabases, 'countLeft'>;
	sessions: Sessions;
	intake: BodyIntake;
}

/** How the stores answer, and what waits inside this process. */
export function addServiceMetrics(
	metrics: Metrics,
	{ placements, databases, sessions, intake }: Watched
): void {
	addStoreMetrics(metrics, placements);
	metrics.addByPlacement(
		'outlay_placement_databases_left',
		'Databases a placement has room for; absent where it is not bounded or does not answer.',
		() => databases.countLeft()
	);
	const { add } = metrics;
	add('gauge', 'outlay_hashes_running', 'Passwords that are hashed.', () => countHashes().running);
	add('gauge', 'outlay_hashes_waiting', 'Passwords that wait for it.', () => countHashes().waiting);
	add(
		'counter',
		'outlay_sessions_believed_total',
		'Requests whose session was known from a moment ago.',
		() => sessions.counts().believed
	);
	add(
		'counter',
		'outlay_sessions_asked_total',
		'Requests whose session the store was asked for.',
		() => sessions.counts().asked
	);
	add('gauge', 'outlay_body_bytes', 'Bytes of the large bodies that are here.', () => intake.bytes);
	add('gauge', 'outlay_bodies_waiting', 'Large bodies that wait for room.', () => intake.waiting);
}

function addStoreMetrics(metrics: Metrics, { inOrder }: Placements): void {
	const attempts = metrics.time(
		{
			name: 'outlay_store_seconds',
			help: 'Time from an attempt at a request to the head of the answer of the store.'
		},
		{
			name: 'outlay_store_attempts_total',
			help: 'Attempts at requests of the store, by what came of them.'
		},
		['placement', 'question'],
		'outcome'
	);
	const meters = inOrder.flatMap(({ name: placement, client: { meter } }) =>
		meter === undefined ? [] : [{ placement, meter }]
	);
	for (const { placement, meter } of meters) {
		meter.onAttempt = (question, outcome, took) =>
			attempts.note({ placement, question }, outcome, took);
	}
	const gauges = [
		['outlay_store_left_alone', 'Whether the store is left alone for being away.', 'isOpen'],
		['outlay_store_running', 'Requests that the store works on.', 'running'],
		['outlay_store_waiting', 'Requests that wait for their turn at the store.', 'waiting']
	] as const;
	for (const [name, help, which] of gauges) {
		metrics.addByPlacement(name, help, () =>
			meters.map(({ placement, meter }) => ({ placement, count: Number(meter[which]()) }))
		);
	}
}
