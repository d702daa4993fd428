import type { Step } from '#lib/domain/operation.ts';
import { isConflict, isMissing, type LocalDatabase, type StoredDocument } from './open-database.ts';

const NOTE_ID = '_local/outlay-steps';
/** How many steps can be taken back one after the other. */
const KEPT = 50;
/** How long steps are gathered before they are noted, in milliseconds: a note must not hold up a save. */
const GATHER_MS = 20;

/** A step of this device: an operation by its id, anything smaller by what it wrote. */
export type OwnStep = { operation: string } | { step: Step };

interface StepsNote {
	steps: OwnStep[];
}

/**
 * The latest steps of this device, so that they can be taken back after a reload too. They do not
 * replicate. A crash may lose the note of the last step, never the step: an entry's history has it.
 */
export class OwnSteps {
	#database: LocalDatabase;
	#waiting: OwnStep[] = [];
	#timer: ReturnType<typeof setTimeout> | undefined;
	#writing: Promise<void> = Promise.resolve();

	constructor(database: LocalDatabase) {
		this.#database = database;
	}

	/** Takes note of a step, a moment later. */
	add(step: OwnStep): void {
		this.#waiting.push(step);
		this.#timer ??= setTimeout(() => {
			// A note that cannot be written changes nothing about what is saved.
			this.flush().catch(() => {});
		}, GATHER_MS);
	}

	/** Takes the last step off the note and gives it back. */
	async takeLast(): Promise<OwnStep | undefined> {
		await this.flush();
		let last: OwnStep | undefined;
		await this.#update((steps) => {
			last = steps.at(-1);
			return steps.slice(0, -1);
		});
		return last;
	}

	/** The step was taken back some other way. */
	async forget(isIt: (step: OwnStep) => boolean): Promise<void> {
		await this.flush();
		await this.#update((steps) => (steps.some(isIt) ? steps.filter((step) => !isIt(step)) : steps));
	}

	/** Writes what waits. */
	flush(): Promise<void> {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#writing = this.#writing
			.catch(() => {})
			.then(async () => {
				const added = this.#waiting.splice(0);
				if (added.length > 0) await this.#update((steps) => [...steps, ...added].slice(-KEPT));
			});
		return this.#writing;
	}

	/** Changes the note; again if another tab changed it meanwhile. */
	async #update(change: (steps: OwnStep[]) => OwnStep[]): Promise<void> {
		for (;;) {
			const before = await this.#read();
			const steps = change(before?.steps ?? []);
			if (steps === before?.steps) return;
			try {
				await this.#database.put({ ...before, _id: NOTE_ID, steps });
				return;
			} catch (error) {
				if (!isConflict(error)) throw error;
			}
		}
	}

	async #read(): Promise<(StepsNote & StoredDocument) | undefined> {
		try {
			return await this.#database.get<StepsNote>(NOTE_ID);
		} catch (error) {
			if (isMissing(error)) return undefined;
			throw error;
		}
	}
}
