import { byGroup, HISTORY, read, textOf, type Fields, type Read } from './fields.ts';

/** What must stand of a document once everything has arrived everywhere. */
export type Expected =
	| {
			state: 'stands';
			facts: Fields;
			stamps: Record<string, string>;
			restored: string | undefined;
			history: string[];
	  }
	| { state: 'purged'; stamps: Record<string, string>; history: string[] };

interface Write {
	stamp: string;
	text: string;
	value: Fields;
}

/** Every write to one document, wherever it was made. */
interface Known {
	type: string;
	/** By group. */
	writes: Map<string, Write[]>;
	/** Up to where purges have erased each group. */
	erased: Record<string, string>;
	/** The restores, and all that each of them saw. */
	restores: { stamp: string; facts: Fields }[];
}

/**
 * What devices have been told is saved. It knows nothing of merging: of each group of fields it keeps all
 * writes with their stamps, and says which of them must be shown and which must be in the history.
 */
export class Model {
	#known = new Map<string, Known>();

	ids(): string[] {
		return [...this.#known.keys()];
	}

	knows(id: string): boolean {
		return this.#known.has(id);
	}

	/** Whether some value was ever written to a group under this stamp. */
	hasWrite(id: string, group: string, stamp: string): boolean {
		return (
			this.#known
				.get(id)
				?.writes.get(group)
				?.some((write) => write.stamp === stamp) ?? false
		);
	}

	/** Whether a group ever had this value. */
	everHad(id: string, group: string, value: Fields): boolean {
		const text = textOf(value);
		return (
			this.#known
				.get(id)
				?.writes.get(group)
				?.some((write) => write.text === text) ?? false
		);
	}

	/**
	 * Takes note of what a device has on disk now that it did not have before.
	 *
	 * @param wasOvertaken a merge came in between: the write may be in the history already.
	 */
	record(id: string, before: Fields | undefined, after: Fields, wasOvertaken = false): void {
		const now = read(after);
		const known = this.#require(id, now.type);
		if (now.purged !== undefined) {
			for (const [group, stamp] of Object.entries(now.stamps)) {
				if (stamp > (known.erased[group] ?? '')) known.erased[group] = stamp;
			}
			if (wasOvertaken) addHistory(known, now);
			return;
		}
		const trashStamp = now.stamps.deletedAt ?? '';
		if (before && now.deletedAt === null && !this.hasWrite(id, 'deletedAt', trashStamp)) {
			const { deletedAt: _, ...facts } = now.kept ?? read(before).facts;
			known.restores.push({ stamp: trashStamp, facts });
		}
		for (const [group, value] of byGroup(now.type, now.facts)) {
			const stamp = now.stamps[group];
			// Only what is new: what stood before may have come out of a merge, which is on trial here.
			const isNew = !before || (stamp !== undefined && !this.hasWrite(id, group, stamp));
			if (stamp !== undefined && isNew) add(known, group, stamp, value);
		}
		if (wasOvertaken) addHistory(known, now);
	}

	/** What every device must come to. */
	expect(id: string): Expected {
		const { type, writes, erased, restores } = this.#require(id, '');
		const wasPurged = Object.keys(erased).length > 0;
		const lastRestore = restores.reduce<{ stamp: string; facts: Fields } | undefined>(
			(last, restore) => (last && last.stamp > restore.stamp ? last : restore),
			undefined
		);
		const left = new Map(
			[...writes].map(([group, all]) => [
				group,
				all
					.filter(({ stamp }) => !wasPurged || stamp > (erased[group] ?? ''))
					.sort((a, b) => (isLater(a, b) ? -1 : 1))
			])
		);
		const stands = !wasPurged || (lastRestore?.stamp ?? '') > (erased.deletedAt ?? '');
		if (!stands) {
			const history = [...left].flatMap(([group, all]) =>
				all.slice(0, HISTORY + 1).map((write) => toText(group, write))
			);
			return { state: 'purged', stamps: erased, history: history.sort() };
		}
		const facts: Fields = {};
		const stamps: Record<string, string> = {};
		const history: string[] = [];
		const brought = wasPurged ? byGroup(type, lastRestore?.facts ?? {}) : new Map<string, Fields>();
		for (const [group, value] of brought) {
			if (!left.get(group)?.length) Object.assign(facts, value);
		}
		for (const [group, [current, ...past]] of left) {
			if (!current) continue;
			Object.assign(facts, current.value);
			stamps[group] = current.stamp;
			history.push(...past.slice(0, HISTORY).map((write) => toText(group, write)));
		}
		return {
			state: 'stands',
			facts,
			stamps,
			restored: lastRestore?.stamp,
			history: history.sort()
		};
	}

	#require(id: string, type: string): Known {
		let known = this.#known.get(id);
		if (!known) {
			known = { type, writes: new Map(), erased: {}, restores: [] };
			this.#known.set(id, known);
		}
		return known;
	}
}

/** The history of a document in the words of {@link Expected}. */
export function historyOf({ history }: Read): string[] {
	return history
		.map(({ field, value: { kept: _, ...value }, stamp }) =>
			toText(field, { stamp, value, text: textOf(value) })
		)
		.sort();
}

/** What is new in a history; an edit that came too late for the document stands in its stub's. */
function addHistory(known: Known, { history }: Read): void {
	for (const past of history) {
		const { kept: _, ...value } = past.value;
		const isKnown = known.writes.get(past.field)?.some(({ stamp }) => stamp === past.stamp);
		if (!isKnown) add(known, past.field, past.stamp, value);
	}
}

function add(known: Known, group: string, stamp: string, value: Fields): void {
	const writes = known.writes.get(group) ?? [];
	known.writes.set(group, writes);
	const text = textOf(value);
	if (!writes.some((write) => write.stamp === stamp && write.text === text)) {
		writes.push({ stamp, text, value });
	}
}

/** The later stamp; of equal ones the larger text. */
function isLater(a: Write, b: Write): boolean {
	return a.stamp === b.stamp ? a.text > b.text : a.stamp > b.stamp;
}

function toText(group: string, { stamp, text }: Write): string {
	return `${group} ${stamp} ${text}`;
}
