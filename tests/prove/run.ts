import { act, type Deeds } from './act.ts';
import { comeToRest } from './come-to-rest.ts';
import { Findings, type Finding } from './findings.ts';
import { inspect } from './inspect.ts';
import { judge, judgeBulk } from './intent.ts';
import { Model } from './model.ts';
import { drawPlan, type Plan, type Step } from './plan.ts';
import { Random } from './random.ts';
import { readAll, World } from './world.ts';

/** What one run has come to. */
export interface Verdict {
	lost: number;
	doubled: number;
	findings: Finding[];
	/** What happened, a line a step. */
	story: string[];
	/** How many merges settling wrote, of the document and on the device with the most of them. */
	merges: number;
	/** How many rounds it took until nothing moved. */
	rounds: number;
}

/** The plan of a run: its seed and number decide everything. */
export function planOf(seed: number, run: number): Plan {
	return drawPlan(new Random(seed, run));
}

/**
 * How often a device may merge one document once the partitions are over: the edits of the others, then
 * what the others have merged meanwhile, then what came of those. After that all have seen everything, and
 * equal states are not written again.
 */
const MERGES = 3;

let worlds = 0;

/** Carries a plan out on real databases, with real replication, and holds the outcome against the model. */
export async function carryOut(plan: Plan): Promise<Verdict> {
	const random = new Random(plan.seed);
	drawRandomValuesFrom(random);
	const world = new World(`prove-${worlds++}`, plan.clocks);
	const [model, findings] = [new Model(), new Findings()];
	const story: string[] = [];
	let rounds = 0;
	try {
		for (const step of plan.steps) await carryOutStep(world, step, model, findings, story);
		const before = world.merges.length;
		rounds = await comeToRest(world, random, findings);
		await inspect(world, model, findings);
		for (const [id, { _rev }] of await readAll(world.server)) story.push(`at rest ${id} ${_rev}`);
		for (const reason of world.disagreements) findings.add('broken', 'the whole', reason);
		const merges = mostMerges(world.merges.slice(before));
		if (merges > MERGES) findings.add('broken', 'the whole', `${merges} merges on one device`);
		return {
			lost: findings.count('lost'),
			doubled: findings.count('doubled'),
			findings: findings.all,
			story,
			merges,
			rounds
		};
	} catch (error) {
		const reason = error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error);
		findings.add('broken', 'the whole', reason);
		return { lost: 0, doubled: 0, findings: findings.all, story, merges: 0, rounds };
	} finally {
		await world.destroy();
	}
}

async function carryOutStep(
	world: World,
	{ on, after: pause, fault, action }: Step,
	model: Model,
	findings: Findings,
	story: string[]
): Promise<void> {
	const device = world.devices[on % world.devices.length];
	if (!device) return;
	await world.pass(pause);
	const before = await readAll(device.database);
	let deeds: Deeds | undefined;
	const line = story.push(`${device.id} ${action.do}`) - 1;
	const { life } = device;
	life.meet(fault);
	try {
		await act(world, device, action, before, (told) => {
			deeds = told;
			story[line] += ` ${told.words}`;
		});
	} catch (error) {
		if (!life.hasFailed) throw error;
	}
	if (life.hasFailed) story[line] += life.isOver ? ' — crashed' : ' — a write failed';
	life.meet(undefined);
	if (life.isOver) device.reopen();
	if (!deeds || MOVES.has(action.do)) return;
	const { intents, acknowledged, disturbed = false } = deeds;
	const after = await readAll(device.database);
	if (BULK.has(action.do) && !disturbed) judgeBulk(before, after, findings);
	for (const id of new Set([...before.keys(), ...after.keys(), ...acknowledged])) {
		const [was, is] = [before.get(id), after.get(id)];
		const intent = intents(id);
		judge(
			{ id, before: was, after: is, intent, acknowledged: acknowledged.includes(id), disturbed },
			model,
			findings
		);
		if (is && was?._rev !== is._rev) model.record(id, was, is, disturbed);
	}
}

/** Actions that one operation stands for, by which any device can take them back. */
const BULK = new Set<Step['action']['do']>(['changeAll', 'trash', 'restore', 'import']);

/** Actions that only move or settle what was written before. */
const MOVES = new Set<Step['action']['do']>([
	'push',
	'pull',
	'sync',
	'syncWithPeer',
	'pushSome',
	'pullSome',
	'deliver',
	'settle'
]);

function mostMerges(merges: World['merges']): number {
	const counts = new Map<string, number>();
	for (const { device, id } of merges) {
		const key = `${device} ${id}`;
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	return Math.max(0, ...counts.values());
}

/** New ids come from the run's seed. */
function drawRandomValuesFrom(random: Random): void {
	Object.defineProperty(crypto, 'getRandomValues', {
		configurable: true,
		value: (bytes: Uint8Array) => {
			for (const at of bytes.keys()) bytes[at] = random.below(256);
			return bytes;
		}
	});
}
