/**
 * What a million people would need, computed from what the benches measured and from how people are assumed
 * to use the app. Prints the tables of docs/capacity.md; change a figure here and print them again.
 *
 *     node tests/bench/capacity.ts
 */

/** How people use it. None of it is measured. */
const ASSUMED = {
	people: 1_000_000,
	devicesEach: 2,
	/** Entries a person writes a day, over all people. */
	entriesADay: 2,
	/** How often a person opens the app a day, over all people and on all devices. */
	openingsADay: 2,
	/** Of a day's openings and entries, those in its busiest hour. */
	peakHourShare: 0.12,
	/** Of all devices, those whose page is open at the peak. */
	onlineShare: 0.05,
	/** How often a device is signed in again a year. */
	signInsAYear: 12,
	/** Entries in a ledger, on average: three years of them. */
	entriesALedger: 2_000
};

/** What the benches printed; docs/capacity.md names the command of each. The dearer store counts. */
const MEASURED = {
	/** idle-devices.ts: bytes a parked longpoll, MiB a process with 10,000, share of a core for their heartbeats (of 3,000, times 10/3). */
	idleBytes: 15.6 * 1024,
	idleDevices: 10_000,
	idleProcessMiB: 307,
	idleCores: 0.07,
	/** recheck.ts: share of a core for each idle ledger that is looked after. */
	recheckCores: 0.022 / 1_500,
	/** person.ts: an opening of the app. CPU in milliseconds of the service. */
	opening: { reads: 6.6, writes: 0, queries: 2, kib: 12.9, cpuMs: 35 },
	/** person.ts: an expense, the other device open. */
	expense: { reads: 9.5, writes: 5, queries: 4.1, kib: 24.5, cpuMs: 49 },
	/** sign-ins.ts, CPU in milliseconds of the service. */
	signInCpuMs: 20,
	/** ledger-size.ts: bytes of an empty ledger, and of each entry, compacted. */
	ledgerBytes: { embedded: [26 * 1024, 413], couch: [72 * 1024, 980] }
} as const;

/** How the service is set, and what stores let through. */
const RULES = {
	/** Ledgers in one question whether any has moved on, and seconds between two questions. */
	ledgersAQuestion: 100,
	recheckSeconds: 3,
	/** A longpoll's longest life, and how often a ledger on a store with copies is asked for in it. */
	longpollSeconds: 15 * 60,
	looksALongpoll: 9,
	cloudantUnit: { reads: 100, writes: 50, queries: 5 },
	cloudantDatabases: 200,
	clusterLedgers: 100_000,
	copies: 3,
	/** Share of its limit that a thing is planned to be used to. */
	use: 0.5
};

type Load = Record<'reads' | 'writes' | 'queries', number>;

const perSecond = (aDay: number) => (aDay * ASSUMED.peakHourShare) / 3_600;
const openings = perSecond(ASSUMED.people * ASSUMED.openingsADay);
const expenses = perSecond(ASSUMED.people * ASSUMED.entriesADay);
const devices = ASSUMED.people * ASSUMED.devicesEach;
const signIns = perSecond((devices * ASSUMED.signInsAYear) / 365);
const online = devices * ASSUMED.onlineShare;
/** Each in a ledger of its own: the most that there can be. */
const waiting = online;

const parts: [string, Load][] = [
	[`${round(openings)} openings`, times(MEASURED.opening, openings)],
	[`${round(expenses)} entries`, times(MEASURED.expense, expenses)],
	['when each ledger was last synced', { reads: openings, writes: openings, queries: 0 }],
	['longpolls begun anew', { reads: 0, writes: 0, queries: waiting / RULES.longpollSeconds }],
	[
		'idle ledgers, a hundred a question',
		{ reads: waiting / RULES.ledgersAQuestion / RULES.recheckSeconds, writes: 0, queries: 0 }
	]
];
const steady = sum(parts);
const lagging: Load = {
	reads: 0,
	writes: 0,
	queries: (waiting * RULES.looksALongpoll) / RULES.longpollSeconds
};
const onCopies = sum([...parts, ['', lagging]]);

table(
	'At the peak, a second',
	['', 'reads', 'writes', 'queries'],
	[
		...parts.map(([name, load]) => toRow(name, load)),
		toRow('**all**', steady),
		toRow('idle ledgers again, where copies lag', lagging),
		toRow('**all, where copies lag**', onCopies)
	]
);

const baseMiB = MEASURED.idleProcessMiB - (MEASURED.idleDevices * MEASURED.idleBytes) / 2 ** 20;
const byMemory = online / MEASURED.idleDevices;
const cores =
	(openings * MEASURED.opening.cpuMs +
		expenses * MEASURED.expense.cpuMs +
		signIns * MEASURED.signInCpuMs) /
	1_000;
const idleCores =
	(online / MEASURED.idleDevices) * MEASURED.idleCores + waiting * MEASURED.recheckCores;
const processes = Math.ceil(Math.max(byMemory, (cores + idleCores) / RULES.use));
table(
	'The service',
	['', ''],
	[
		['devices whose page is open', round(online)],
		['memory of their longpolls', `${round((online * MEASURED.idleBytes) / 2 ** 20)} MiB`],
		['processes of 10,000 devices', round(byMemory)],
		['cores of CPU for openings, entries, sign-ins', cores.toFixed(1)],
		['cores of CPU for heartbeats and looks at idle ledgers', idleCores.toFixed(1)],
		['processes, half idle at the peak', round(processes)],
		[
			'memory of them all',
			`${round(processes * baseMiB + (online * MEASURED.idleBytes) / 2 ** 20)} MiB`
		],
		['network, both ways', `${round(network() * 8)} Mbit/s`],
		['sign-ins a second', signIns.toFixed(1)],
		[
			'every open device signed in again, half of each core: seconds',
			round((online * MEASURED.signInCpuMs) / 1_000 / (processes * RULES.use))
		]
	]
);

const units = (load: Load) =>
	Object.entries(RULES.cloudantUnit).map(
		([name, most]) => `${name} ${round(load[name as keyof Load] / most / RULES.use)}`
	);
table(
	'The stores',
	['', ''],
	[
		['Cloudant: units (a class at half its limit)', units(onCopies).join(', ')],
		['Cloudant: instances of 200 databases', round(ASSUMED.people / RULES.cloudantDatabases)],
		['CouchDB: clusters of 100,000 ledgers', round(ASSUMED.people / RULES.clusterLedgers)],
		[
			'CouchDB: requests a second to each cluster',
			round(
				(onCopies.reads + onCopies.writes + onCopies.queries) /
					(ASSUMED.people / RULES.clusterLedgers)
			)
		],
		['CouchDB: a ledger on the disk', `${(ledger('couch') / 2 ** 20).toFixed(1)} MiB`],
		[
			'CouchDB: all, three copies, half free for compaction',
			`${((ledger('couch') * ASSUMED.people * RULES.copies) / RULES.use / 2 ** 40).toFixed(1)} TiB`
		],
		['embedded: a ledger on the disk', `${(ledger('embedded') / 2 ** 20).toFixed(1)} MiB`],
		[
			'embedded: 10,000 ledgers, half free',
			`${((ledger('embedded') * 10_000) / RULES.use / 2 ** 30).toFixed(0)} GiB`
		]
	]
);

/** Bytes of a ledger of average size. */
function ledger(store: keyof typeof MEASURED.ledgerBytes): number {
	const [empty, entry] = MEASURED.ledgerBytes[store];
	return empty + entry * ASSUMED.entriesALedger;
}

/** MB a second, the heartbeats left out. */
function network(): number {
	return ((openings * MEASURED.opening.kib + expenses * MEASURED.expense.kib) * 1024) / 1e6;
}

function times(load: Load, often: number): Load {
	return {
		reads: load.reads * often,
		writes: load.writes * often,
		queries: load.queries * often
	};
}

function sum(loads: readonly [string, Load][]): Load {
	const all = { reads: 0, writes: 0, queries: 0 };
	for (const [, load] of loads) {
		all.reads += load.reads;
		all.writes += load.writes;
		all.queries += load.queries;
	}
	return all;
}

function toRow(name: string, { reads, writes, queries }: Load): string[] {
	return [name, round(reads), round(writes), round(queries)];
}

function round(value: number): string {
	return Math.ceil(value).toLocaleString('en');
}

function table(title: string, head: string[], rows: string[][]): void {
	const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
	console.log(`\n${title}\n\n${lines.join('\n')}`);
}
