import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { signIn, signUp, type Person } from '#tests/service/people.ts';
import type { SyncReport } from '#lib/sync/sync-report.ts';
import { anExpense } from './an-expense.ts';
import type { TestDevice } from './devices.ts';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';
import { fetchAs, startSync, type SyncingDevice } from './replication.ts';
import { runService, type RunningService } from './run-service.ts';

/** A real service behind a network on which things go wrong, and somebody with an account. */
export interface SyncStage {
	service: RunningService;
	proxy: FaultProxy;
	person: Person;
	/** Starts sync of a device through the proxy; it ends with the test. */
	sync(device: TestDevice): Promise<SyncingDevice>;
	/** Signs in anew: what syncs from now on uses the new session. */
	signInAgain(): Promise<void>;
	/** Ids and leaves of everything in the cloud, deleted leaves left out. */
	cloud(): Promise<Map<string, string[]>>;
}

interface Leaves {
	_id: string;
	_rev: string;
	_deleted?: true;
	_conflicts?: string[];
}

/** Sets the stage for all tests of a file: the service runs throughout, the rest is new for each test. */
export function setSyncStage(): SyncStage {
	const running: SyncingDevice[] = [];
	let cookie = '';
	const stage = {} as SyncStage;
	Object.assign(stage, {
		async sync(device: TestDevice) {
			const started = await startSync(device, stage.person.ledgerUrl, (url, init) =>
				fetchAs(cookie)(url, init)
			);
			running.push(started);
			return started;
		},
		async signInAgain() {
			({ cookie } = await signIn(stage.service.url, stage.person.email));
		},
		async cloud() {
			const path = `/sync/${stage.person.ledgerId}/_changes?include_docs=true&conflicts=true`;
			const answer = await fetch(stage.service.url + path, { headers: { cookie } });
			const { results } = (await answer.json()) as { results: { doc: Leaves }[] };
			return new Map(
				results.flatMap(({ doc: { _id, _rev, _deleted, _conflicts = [] } }) =>
					_deleted ? [] : [[_id, [_rev, ..._conflicts]] as const]
				)
			);
		}
	});

	beforeAll(async () => {
		stage.service = await runService();
	});

	beforeEach(async () => {
		stage.proxy = await startFaultProxy(stage.service.url);
		stage.person = await signUp(stage.proxy.url);
		({ cookie } = stage.person);
		stage.proxy.requests.length = 0;
	});

	afterEach(async () => {
		await Promise.all(running.splice(0).map((sync) => sync.stop()));
		await stage.proxy.close();
	});

	afterAll(() => stage.service.stop());
	return stage;
}

export const isUpToDate = ({ status }: SyncReport): boolean => status === 'up-to-date';

/** Saves an expense on a device; resolves with its id once it is on disk. */
export async function create(device: TestDevice, changes = {}): Promise<string> {
	const result = await device.repository.createTransaction(anExpense(changes));
	if (!result.ok) throw new Error(result.problem);
	return result.id;
}

/** Resolves when a device shows a document that passes. */
export function arrival(
	device: TestDevice,
	test: (document: Record<string, unknown>) => boolean
): Promise<void> {
	return new Promise((resolve) => {
		device.feed.listen(({ documents }) => {
			for (const { decoded } of documents) {
				if (decoded.state === 'known' && test(decoded.document)) resolve();
			}
		});
	});
}
