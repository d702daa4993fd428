import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pushDocuments, signUp, toRevision, type Person } from '#tests/service/people.ts';
import { aDevice, type TestDevice } from '#tests/support/devices.ts';
import { fetchAs, startSync, type SyncingDevice } from '#tests/support/replication.ts';
import { runService, type RunningService } from '#tests/support/run-service.ts';
import { shortenWaits } from '#tests/support/short-waits.ts';
import { create, isUpToDate } from '#tests/support/sync-stage.ts';
import type { Fetch } from '#lib/sync/careful-fetch.ts';
import type { SyncReport } from '#lib/sync/sync-report.ts';

const RUNS = Number(process.env.STATUS_RUNS ?? 20);

let service: RunningService;
let restoreWaits: () => void;

beforeAll(async () => {
	service = await runService();
	restoreWaits = shortenWaits((ms) => (ms >= 200 ? ms / 50 : ms));
});

afterAll(async () => {
	restoreWaits();
	await service.stop();
});

/** How the cloud behaves. */
const MOODS = ['well', 'away', 'refusing', 'too-large', 'full', 'forgetful', 'signed-out'] as const;
type Mood = (typeof MOODS)[number];

type Event =
	| { do: 'save' }
	| { do: 'edit'; which: number }
	| { do: 'trash'; which: number }
	| { do: 'arrive' }
	| { do: 'mood'; mood: Mood }
	| { do: 'wake' }
	| { do: 'disconnect' }
	| { do: 'restart' }
	/** So long nothing happens, in milliseconds. */
	| { do: 'wait'; ms: number };

const which = fc.nat(20);
const event: fc.Arbitrary<Event> = fc.oneof(
	{ weight: 4, arbitrary: fc.constant({ do: 'save' } as const) },
	{ weight: 2, arbitrary: fc.record({ do: fc.constant('edit' as const), which }) },
	fc.record({ do: fc.constant('trash' as const), which }),
	fc.constant({ do: 'arrive' } as const),
	{
		weight: 4,
		arbitrary: fc.record({ do: fc.constant('mood' as const), mood: fc.constantFrom(...MOODS) })
	},
	fc.constantFrom(
		{ do: 'wake' } as const,
		{ do: 'disconnect' } as const,
		{ do: 'restart' } as const
	),
	{ weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(60) }) }
);

interface Body {
	docs: { _id: string; _revisions: { start: number; ids: string[] } }[];
}

/** A cloud with moods, which knows itself what it holds. */
class MoodyCloud {
	mood: Mood = 'well';
	#holds = new Set<string>();
	/** Sent, and answered by a fault: a store may have committed it all the same. */
	#doubtful = new Set<string>();
	#fetch: Fetch;

	constructor({ cookie }: Person) {
		this.#fetch = fetchAs(cookie);
	}

	holds(id: string, revision: string): boolean {
		return this.#holds.has(`${id} ${revision}`);
	}

	mayHold(id: string, revision: string): boolean {
		return this.#doubtful.has(`${id} ${revision}`);
	}

	/** What the store itself says it does not hold, past all moods. */
	async lacks(ledgerUrl: string, revisions: Record<string, string[]>): Promise<string[]> {
		for (;;) {
			const body = JSON.stringify(revisions);
			const headers = { 'content-type': 'application/json' };
			const answer = await this.#fetch(`${ledgerUrl}/_revs_diff`, {
				method: 'POST',
				headers,
				body
			});
			if (answer.ok) return Object.keys((await answer.json()) as Record<string, unknown>);
			if (answer.status < 500 && answer.status !== 429) throw new Error(`${answer.status}`);
		}
	}

	fetch: Fetch = async (url, init) => {
		// Whatever it is when the answer comes: what happens to a request is decided once.
		const mood = this.mood;
		if (mood === 'away') throw new TypeError('fetch failed');
		if (mood === 'signed-out') return problem(401, 'signed-out');
		if (!String(url).endsWith('_bulk_docs')) return this.#fetch(url, init);
		if (mood === 'full') return problem(507, 'quota-exceeded');
		const batch = JSON.parse(String(init?.body)) as Body;
		const isRefused = ({ _id }: { _id: string }): boolean =>
			_id.charCodeAt(_id.length - 1) % 2 === 0;
		const refused = batch.docs.filter(isRefused);
		if (mood === 'too-large' && refused.length > 0) return problem(413, 'too-large');
		const docs = batch.docs.filter((each) => mood !== 'refusing' || !isRefused(each));
		const { signal = null, ...options } = init ?? {};
		const body = JSON.stringify({ ...batch, docs });
		// Whoever hangs up in between does not hear what became of it.
		const answer = await this.#fetch(url, { ...options, body });
		const into = answer.ok ? this.#holds : answer.status >= 500 ? this.#doubtful : undefined;
		if (into) for (const document of docs) this.#keep(document, into);
		signal?.throwIfAborted();
		if (mood === 'forgetful') throw new TypeError('The answer was lost');
		if (mood !== 'refusing' || !answer.ok) return answer;
		const rows = refused.map(({ _id }) => ({ id: _id, error: 'forbidden', reason: 'No.' }));
		return Response.json(rows, { status: 201 });
	};

	#keep({ _id, _revisions: { start, ids } }: Body['docs'][number], into: Set<string>): void {
		ids.forEach((hash, index) => into.add(`${_id} ${start - index}-${hash}`));
	}
}

function problem(status: number, error: string): Response {
	return Response.json({ error, reason: 'A test says so.' }, { status });
}

const first = ([id]: readonly [string, string]): string => id;

/** One device, its cloud, and what is true of them. */
class World {
	device: TestDevice = aDevice();
	syncing!: SyncingDevice;
	cloud: MoodyCloud;
	lies: SyncReport[] = [];
	#person: Person;
	#mine: string[] = [];
	/** Id → revision, of what the device shows. */
	#shown = new Map<string, string>();
	#arrivals = 0;
	#questions: Promise<void>[] = [];

	constructor(person: Person) {
		this.#person = person;
		this.cloud = new MoodyCloud(person);
	}

	/** What this device wrote and the cloud does not hold. */
	get missing(): string[] {
		return this.#unheld.filter(([id, revision]) => !this.cloud.mayHold(id, revision)).map(first);
	}

	get #unheld(): [id: string, revision: string][] {
		return this.#mine.flatMap((id) => {
			const revision = this.#shown.get(id);
			const isHeld = revision === undefined || this.cloud.holds(id, revision);
			return isHeld ? [] : [[id, revision] as [string, string]];
		});
	}

	/** Asks the store about what was answered by a fault, for all that was said to be up to date meanwhile. */
	async settle(): Promise<void> {
		await Promise.all(this.#questions);
	}

	async start(): Promise<void> {
		this.device.feed.listen(({ documents }) => {
			for (const { id, revision } of documents) this.#shown.set(id, revision);
		});
		this.syncing = await startSync(
			this.device,
			this.#person.ledgerUrl,
			(url, init) => this.cloud.fetch(url, init),
			(report) => this.#judge(report)
		);
	}

	async play(event: Event): Promise<void> {
		switch (event.do) {
			case 'save':
				this.#mine.push(await create(this.device));
				return;
			case 'edit':
			case 'trash': {
				const id = this.#mine[event.which % Math.max(1, this.#mine.length)];
				if (id === undefined) return;
				if (event.do === 'trash') await this.device.repository.trash([id]);
				else await this.device.repository.change(id, { note: `edit ${event.which}` });
				return;
			}
			case 'arrive': {
				const id = `unknown:${this.#arrivals++}`;
				return pushDocuments(this.#person, toRevision(id, { type: 'unknown', version: 1 }));
			}
			case 'mood':
				this.cloud.mood = event.mood;
				return;
			case 'wake':
				return this.syncing.replicator.wake();
			case 'disconnect':
				return this.syncing.replicator.disconnect();
			case 'restart': {
				const { id, name } = this.device;
				await this.syncing.stop();
				this.device = aDevice(undefined, name, id);
				return this.start();
			}
			case 'wait':
				await new Promise((resolve) => setTimeout(resolve, event.ms));
		}
	}

	#judge(report: SyncReport): void {
		const { status, unsent, refused } = report;
		const isDone = status === 'up-to-date';
		if (isDone && (unsent > 0 || refused > 0 || this.missing.length > 0)) this.lies.push(report);
		const doubtful = isDone ? this.#unheld : [];
		if (doubtful.length > 0) this.#questions.push(this.#ask(doubtful, report));
		if ((status === 'attention' || status === 'cloud-full') && unsent === 0) this.lies.push(report);
		if (refused > unsent) this.lies.push(report);
	}

	async #ask(doubtful: [id: string, revision: string][], report: SyncReport): Promise<void> {
		const revisions = Object.fromEntries(doubtful.map(([id, revision]) => [id, [revision]]));
		const lacking = await this.cloud.lacks(this.#person.ledgerUrl, revisions);
		if (lacking.length > 0) this.lies.push(report);
	}
}

test(
	'"up to date" is true whenever it is said, whatever happens, and in the end it is said',
	async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 16 }), async (events) => {
				const world = new World(await signUp(service.url));
				await world.start();
				for (const each of events) await world.play(each);
				world.cloud.mood = 'well';
				world.syncing.replicator.wake();
				await world.syncing.until(isUpToDate);
				const { missing, lies } = world;
				await world.settle();
				await world.syncing.stop();
				expect({ missing, lies }).toEqual({ missing: [], lies: [] });
			}),
			{
				numRuns: RUNS,
				timeout: 15_000,
				...(process.env.STATUS_SEED && { seed: Number(process.env.STATUS_SEED) })
			}
		);
	},
	60_000 + RUNS * 2000
);
