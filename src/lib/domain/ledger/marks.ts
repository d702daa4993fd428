import type { ReceiptReference } from '#contract/documents/transaction.ts';

const TAG = '#';
const RECEIPT = 'receipt:';

/** Tags put on (`true`) or taken off. */
export type TagMarks = { [tag: `#${string}`]: boolean };

/** Tags put on (`true`) or taken off, receipts added or taken off (`null`). */
export type Marks = TagMarks & {
	[receipt: `receipt:${string}`]: ReceiptReference | null;
};

/** The name of the field that holds a tag. */
export function tagField(tag: string): `#${string}` {
	return `${TAG}${tag}`;
}

/** What makes one list of tags out of another. */
export function tagChanges(before: readonly string[], after: readonly string[]): TagMarks {
	const taken = before.filter((tag) => !after.includes(tag));
	const given = after.filter((tag) => !before.includes(tag));
	return Object.fromEntries([
		...taken.map((tag) => [tagField(tag), false] as const),
		...given.map((tag) => [tagField(tag), true] as const)
	]);
}

/** The tags in a text with commas in between, without their marks and each of them once. */
export function readTags(text: string): string[] {
	const tags = text.split(',').map((tag) => tag.trim().replace(/^#+/, '').trim());
	return [...new Set(tags.filter(Boolean))];
}

/** The tags of a document, in code-unit order. */
export function tagsOf(document: Readonly<Record<string, unknown>>): string[] {
	const tags: string[] = [];
	for (const field of Object.keys(document)) {
		if (field.startsWith(TAG) && document[field] === true) tags.push(field.slice(TAG.length));
	}
	return tags.sort();
}

/** The name of the field that refers to the receipt with this SHA-256 (hexadecimal). */
export function receiptField(sha256: string): string {
	return RECEIPT + sha256;
}

/** The receipts of a document, by their SHA-256. */
export function receiptsOf(
	document: Readonly<Record<string, unknown>>
): { sha256: string; reference: ReceiptReference }[] {
	return Object.entries(document)
		.filter(([field, value]) => field.startsWith(RECEIPT) && typeof value === 'object' && value)
		.map(([field, value]) => ({
			sha256: field.slice(RECEIPT.length),
			reference: value as ReceiptReference
		}));
}
