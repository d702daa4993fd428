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
