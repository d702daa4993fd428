/**
 * The version of each kind of document that this app writes. A changed shape raises the number and adds a
 * migration (`src/lib/domain/migrations`). They stand apart from the schemas, so that a page can make a
 * document without loading the schema library.
 */
export const VERSIONS = {
	transaction: 2,
	category: 1,
	account: 1,
	budget: 1,
	'recurring-rule': 1,
	rule: 1,
	preferences: 1,
	operation: 1
} as const;

/** The kinds of document that this app knows. */
export type DocumentType = keyof typeof VERSIONS;
