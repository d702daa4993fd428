import { VERSIONS, type DocumentType } from '#contract/documents/versions.ts';
import { transactionToVersion2 } from './transaction-to-version-2.ts';

/** A document as it was read: its shape is not known yet. */
export type RawDocument = Readonly<Record<string, unknown>>;

/**
 * What takes a document from one version to the next, by type and by the version that it starts from.
 * Every device computes the same, no stamp is touched, and what is added has none: any edit is later.
 */
const STEPS: Readonly<
	Record<string, Readonly<Record<number, (before: RawDocument) => RawDocument>>>
> = { transaction: { 1: transactionToVersion2 } };

/**
 * The document in the shape that this app works with. Documents are migrated whenever they are read; the
 * next edit writes the new shape. One of a newer version, or of a type unknown here, stays as it is.
 */
export function migrate(raw: RawDocument): RawDocument {
	const type = String(raw.type);
	const latest: number = VERSIONS[type as DocumentType] ?? 0;
	let document = raw;
	for (let version = Number(raw.version); version < latest; version++) {
		const step = STEPS[type]?.[version];
		if (!step) return document;
		document = { ...step(document), version: version + 1 };
	}
	return document;
}
