import type { Stamp } from '#contract/documents/stamp.ts';

/** One deliberate step that writes many documents, such as an import: it can be named and undone as one. */
export interface Operation {
	/** `operation:<random>`; what the step made carries it. */
	id: string;
	/** The stamp of every field that the step writes. */
	stamp: Stamp;
}
