import type { Config } from '#service/config.ts';
import {
	HOME,
	type Placement,
	type Placements,
	toPlacements
} from '#service/ledgers/placements.ts';
import { type OpenStore, openStore } from '#service/open-store.ts';
import {
	type FurtherPlacement,
	PlacementsRefused,
	readPlacements
} from '#service/placements-config.ts';

export interface OpenPlacements {
	placements: Placements;
	/** Stops the stores that run in this process. */
	stop(): Promise<void>;
}

/**
 * Finds or starts the stores that ledgers may be in: the environment's first, then those of `PLACEMENTS_FILE`.
 *
 * @param report told about failures inside a store that is started here
 * @throws {PlacementsRefused} when the file is not right
 * @throws what `openStore` throws
 */
export async function openPlacements(
	config: Pick<Config, 'couchUrl' | 'dataDir' | 'cloudant' | 'placementsFile' | 'tokenUrl'>,
	report: (failure: unknown) => void
): Promise<OpenPlacements> {
	const { homeCapacity, further } = config.placementsFile
		? await readPlacements(config.placementsFile, config.tokenUrl)
		: { homeCapacity: undefined, further: [] };
	const stops: OpenStore['stop'][] = [];
	const stop = async () => {
		for (const stopOne of stops.splice(0).reverse()) await stopOne();
	};
	const take = ({ stop: stopOne, ...store }: OpenStore, name: string, capacity?: number) => {
		stops.push(stopOne);
		return { ...store, name, capacity };
	};
	try {
		const home = take(await openStore(config, report), HOME, homeCapacity);
		const others: Placement[] = [];
		for (const placement of further) {
			others.push(take(await openFurther(placement, report), placement.name, placement.capacity));
		}
		return { placements: toPlacements(home, others), stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

async function openFurther(
	{ name, store }: FurtherPlacement,
	report: (failure: unknown) => void
): Promise<OpenStore> {
	try {
		return await openStore({ couchUrl: undefined, dataDir: '', ...store }, report);
	} catch (error) {
		// What the system says of a folder would be taken for DATA_DIR's.
		const { code } = error as NodeJS.ErrnoException;
		if (code === undefined || !('dataDir' in store)) throw error;
		throw new PlacementsRefused(
			`The "dataDir" of placement ${name} in PLACEMENTS_FILE cannot be used: ${code}.`
		);
	}
}
