import type { LocalDatabase } from '#lib/storage/open-database.ts';

/**
 * Says which revision the device shows of documents, deleted ones too, by their ids.
 *
 * @param now the local sequence.
 */
export type FindWinners = (
	ids: readonly string[],
	now: number
) => Promise<ReadonlyMap<string, string>>;

/** Asks the database each time. */
export function askWinners(database: LocalDatabase): FindWinners {
	return async (ids) => {
		const { rows } = await database.allDocs({ keys: [...ids] });
		return new Map(rows.flatMap((row) => ('error' in row ? [] : [[row.key, row.value.rev]])));
	};
}

/**
 * Keeps what a nearly empty database holds in mind and reads only what was written since it last looked:
 * asking for each of many documents that are not there would cost a tenth of the time that writing takes.
 *
 * @param isPassedOver whether a stretch of the local sequence holds nothing that will be asked for again.
 */
export function followWinners(
	database: LocalDatabase,
	isPassedOver: (from: number, to: number) => boolean
): FindWinners {
	const winners = new Map<string, string>();
	let sequence = 0;
	return async (_, now) => {
		if (now > sequence && !isPassedOver(sequence, now)) {
			const { results } = await database.changes({ since: sequence });
			for (const { id, changes } of results) winners.set(id, changes[0]?.rev ?? '');
		}
		sequence = now;
		return winners;
	};
}
