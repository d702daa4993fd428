import type { Random } from './random.ts';

/** A change of an entry's fields. */
export type Changes = Record<string, unknown>;

/** What goes wrong with a device's n-th write from here on (0 = the first). */
export interface Fault {
	atWrite: number;
	/**
	 * The process dies before the write is on disk, or after it; or the write alone fails, as on a device
	 * that is full.
	 */
	does: 'die-before' | 'die-after' | 'fail';
}

/** What a device does. Numbers called `doc`, `docs` and `which` choose among what there is by then. */
export type Action =
	| { do: 'create'; changes: Changes }
	| { do: 'change'; doc: number; changes: Changes; whileSettling: boolean }
	| { do: 'burst'; doc: number; times: number }
	| { do: 'changeAll'; docs: number[]; changes: Changes }
	| { do: 'trash'; docs: number[] }
	| { do: 'restore'; docs: number[] }
	| { do: 'purge'; docs: number[]; which: 'overdue' | 'all' }
	| { do: 'bringBack'; doc: number; which: number }
	| { do: 'import'; file: number }
	| { do: 'starting'; appVersion: number }
	| { do: 'undoLast' }
	| { do: 'undo'; which: number }
	| { do: 'undoOperation'; which: number }
	| { do: 'push' | 'pull' | 'sync'; duplicate: boolean }
	| { do: 'syncWithPeer'; peer: number }
	| { do: 'pushSome' | 'pullSome'; docs: number[] }
	| { do: 'post'; doc: number }
	| { do: 'deliver'; which: number; backwards: boolean }
	| { do: 'settle' }
	| { do: 'compact' }
	| { do: 'compactServer' }
	| { do: 'reload' }
	| { do: 'setClock'; offset: number };

export interface Step {
	/** Which device. */
	on: number;
	/** How long passes before it, in milliseconds. */
	after: number;
	fault?: Fault;
	action: Action;
}

/** All that happens in one run, decided beforehand: steps can be left out, and the rest still makes sense. */
export interface Plan {
	/** How far each device's clock is off, in milliseconds. */
	clocks: number[];
	steps: Step[];
	/** Decides the order in which the devices come to rest. */
	seed: number;
}

const DAY_MS = 86_400_000;
const OFFSETS = [0, 0, 1, -40, DAY_MS, -DAY_MS];
const PAUSES = [0, 0, 0, 1, 1, 7, 1000, 3_600_000];
const ANY = 2 ** 31;

/** Draws the plan of one run. */
export function drawPlan(random: Random): Plan {
	const clocks = Array.from({ length: 2 + random.below(4) }, () => random.pick(OFFSETS));
	const steps: Step[] = [];
	const length = 10 + random.below(26);
	const isAroundTrash = random.chance(0.5);
	const choices = isAroundTrash ? AROUND_THE_TRASH : EVERYDAY;
	const on = (device: number, action: Action): void => {
		steps.push({ on: device, after: random.pick(PAUSES), action });
	};
	if (random.chance(isAroundTrash ? 0.1 : 0.4)) {
		for (const device of clocks.keys()) {
			if (random.chance(0.7)) on(device, { do: 'starting', appVersion: random.below(2) });
		}
	}
	for (let count = isAroundTrash ? 1 : random.below(4); count > 0; count--) {
		on(0, { do: 'create', changes: drawChanges(random) });
	}
	// Most of what can go wrong needs a document that several devices know.
	if (random.chance(0.8)) {
		for (const device of clocks.keys()) on(device, { do: 'sync', duplicate: false });
	}
	while (steps.length < length) {
		const action = drawAction(random, choices, clocks.length);
		const step: Step = {
			on: random.below(clocks.length),
			after: random.chance(0.02) ? 31 * DAY_MS : random.pick(PAUSES),
			action
		};
		// Settling has two writes, and what matters is what is left between them.
		if (random.chance(action.do === 'settle' ? 0.5 : 0.2)) {
			const does = random.pick(['die-before', 'die-after', 'fail'] as const);
			step.fault = { atWrite: random.below(3), does };
		}
		steps.push(step);
	}
	return { clocks, steps, seed: random.below(ANY) };
}

function drawAction(random: Random, choices: readonly Action['do'][], devices: number): Action {
	const doc = random.below(ANY);
	const docs = Array.from({ length: 1 + random.below(3) }, () => random.below(ANY));
	const draw = random.pick(choices);
	switch (draw) {
		case 'create':
			return { do: draw, changes: drawChanges(random) };
		case 'change':
			return { do: draw, doc, changes: drawChanges(random), whileSettling: random.chance(0.1) };
		case 'burst':
			return { do: draw, doc, times: 6 + random.below(8) };
		case 'changeAll':
			return { do: draw, docs, changes: drawChanges(random) };
		case 'trash':
		case 'restore':
		case 'pushSome':
		case 'pullSome':
			return { do: draw, docs };
		case 'purge':
			return { do: draw, docs, which: random.chance(0.2) ? 'overdue' : 'all' };
		case 'bringBack':
			return { do: draw, doc, which: random.below(ANY) };
		case 'import':
			return { do: draw, file: random.below(2) };
		case 'starting':
			return { do: draw, appVersion: random.below(2) };
		case 'undo':
		case 'undoOperation':
			return { do: draw, which: random.below(ANY) };
		case 'push':
		case 'pull':
		case 'sync':
			return { do: draw, duplicate: random.chance(0.2) };
		case 'syncWithPeer':
			return { do: draw, peer: random.below(devices) };
		case 'post':
			return { do: draw, doc };
		case 'deliver':
			return { do: draw, which: random.below(ANY), backwards: random.chance(0.5) };
		case 'setClock':
			return { do: draw, offset: random.pick(OFFSETS) };
		default:
			return { do: draw };
	}
}

/** How often each action is drawn, relative to the others. */
const WEIGHTS: Record<Action['do'], number> = {
	create: 4,
	change: 22,
	burst: 2,
	changeAll: 7,
	trash: 8,
	restore: 7,
	purge: 6,
	bringBack: 3,
	import: 4,
	starting: 1,
	undoLast: 4,
	undo: 3,
	undoOperation: 3,
	push: 4,
	pull: 4,
	sync: 14,
	syncWithPeer: 3,
	pushSome: 3,
	pullSome: 3,
	post: 2,
	deliver: 2,
	settle: 8,
	compact: 1,
	compactServer: 1,
	reload: 2,
	setClock: 2
};

const EVERYDAY = weigh(WEIGHTS);
/** Few entries, put into the trash, taken out of it and purged again and again, on all sides. */
const AROUND_THE_TRASH = weigh({
	...WEIGHTS,
	create: 1,
	import: 1,
	change: 12,
	changeAll: 4,
	trash: 14,
	restore: 12,
	purge: 14
});

function weigh(weights: typeof WEIGHTS): Action['do'][] {
	return (Object.keys(weights) as Action['do'][]).flatMap((name) =>
		Array.from({ length: weights[name] }, () => name)
	);
}

/** One to three fields, some of them of one group. */
function drawChanges(random: Random): Changes {
	const all: Changes = {
		amountMinor: 1 + random.below(100_000),
		currency: random.pick(['EUR', 'INR', 'JPY']),
		payee: random.pick(['Bakery', 'Baker', 'Café', 'Kiosk']),
		note: `note ${random.below(50)}`,
		categoryId: random.pick(['category:food', 'category:transport', null]),
		spentOn: `2026-11-${10 + random.below(19)}`,
		spentTime: random.pick([null, '08:00:00', '12:30:00']),
		accountId: random.pick(['account:cash', 'account:bank']),
		'#trip': random.chance(0.7),
		'#work': random.chance(0.7)
	};
	const fields = random.shuffle(Object.keys(all)).slice(0, 1 + random.below(3));
	return Object.fromEntries(fields.map((field) => [field, all[field]]));
}
