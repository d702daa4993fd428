import { type CouchClient, StoreUnavailable } from '#service/couch/client.ts';
import type { Provisioner } from '#service/ledgers/provision.ts';

/** What the store of the environment is called among the placements. */
export const HOME = 'primary';

/**
 * A store that ledgers' databases are in. Each has a client of its own, and with it its own credential, breaker and
 * bulkhead: one that is away slows no other.
 */
export interface Placement {
	name: string;
	/** How many databases the store may hold, whoever's they are; `undefined`: as many as it takes. */
	capacity: number | undefined;
	client: CouchClient;
	provisioner: Provisioner;
}

export interface Placements {
	/** Accounts, sessions and the ledgers' rows are here, and here alone. */
	home: Placement;
	/** All of them, in the order in which they are filled. */
	inOrder: readonly Placement[];
	/** @throws {PlacementUnknown} */
	get(name: string): Placement;
}

/** A ledger is in a placement that nobody has set up: the caller answers 503, for it may be set up again. */
export class PlacementUnknown extends StoreUnavailable {
	override name = 'PlacementUnknown';
	readonly placement: string;

	constructor(placement: string) {
		super(`no placement is called ${placement}`);
		this.placement = placement;
	}
}

/** @param others after `home`, each with a name of its own */
export function toPlacements(home: Placement, others: readonly Placement[] = []): Placements {
	const inOrder = [home, ...others];
	const byName = new Map(inOrder.map((placement) => [placement.name, placement]));
	return {
		home,
		inOrder,
		get(name) {
			const placement = byName.get(name);
			if (placement === undefined) throw new PlacementUnknown(name);
			return placement;
		}
	};
}

/** One store for everything. */
export function toOnlyPlacement(store: Pick<Placement, 'client' | 'provisioner'>): Placements {
	return toPlacements({ name: HOME, capacity: undefined, ...store });
}
