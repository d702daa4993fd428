/**
 * What a run has found against the promise. `lost`: an acknowledged entry or value that is not there;
 * `doubled`: something that stands twice; `broken`: any other invariant.
 */
export type Kind = 'lost' | 'doubled' | 'broken';

export interface Finding {
	kind: Kind;
	/** What about: a document's id, or the whole. */
	about: string;
	reason: string;
}

export class Findings {
	readonly all: Finding[] = [];

	add(kind: Kind, about: string, reason: string): void {
		this.all.push({ kind, about, reason });
	}

	/** How many documents were found with it. */
	count(kind: Kind): number {
		return new Set(this.all.filter((finding) => finding.kind === kind).map(({ about }) => about))
			.size;
	}
}
