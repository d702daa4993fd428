import type { Findings } from './findings.ts';
import type { Random } from './random.ts';
import { send } from './replicate.ts';
import type { World } from './world.ts';

/** After how many rounds devices that still move will move for ever. */
const ROUNDS = 12;

/**
 * The partitions are over: devices replicate and settle, in any order, until nothing moves. Returns how
 * many rounds it took.
 */
export async function comeToRest(
	world: World,
	random: Random,
	findings: Findings
): Promise<number> {
	for (let round = 1; round <= ROUNDS; round++) {
		const before = await world.position();
		for (const device of random.shuffle(world.devices)) {
			await send(device.database, world.server, false);
			await send(world.server, device.database, false);
			await world.settle(device);
			if (random.chance(0.5)) await send(device.database, world.server, false);
		}
		if ((await world.position()) === before) return round;
	}
	findings.add('broken', 'the whole', `Nothing has come to rest after ${ROUNDS} rounds`);
	return ROUNDS;
}
