import type { Operation } from '#contract/documents/operation.ts';
import * as m from '#messages';

/** What an operation did: "Imported 2,461 entries from bank.csv". */
export function operationWords({ kind, label, entries: count }: Operation): string {
	switch (kind) {
		case 'import':
			return label
				? m.operation_imported_from({ count, file: label })
				: m.operation_imported({ count });
		case 'edit':
			return label ? m.operation_changed_to({ count, label }) : m.operation_changed({ count });
		case 'trash':
			return m.operation_deleted({ count });
		case 'restore':
			return m.operation_restored({ count });
		case 'undo':
			return m.operation_undone({ count });
	}
}

/** While that goes on. */
export const TAKING_BACK = m.common_taking_back();

/** What came of taking something back, and what of it stayed. */
export function undoneWords(result: { written: string[]; changedSince: string[] }): string {
	const stayed = result.changedSince.length;
	if (stayed === 0) return m.common_taken_back();
	return result.written.length === 0
		? m.operation_nothing_taken_back()
		: m.operation_stayed({ count: stayed });
}
