import type { ReceiptReference } from '#contract/documents/transaction.ts';

const TAG = '#';
const RECEIPT = 'receipt:';

/** The name of the field that holds a tag. */
export function tagField(tag: string): string {
	return TAG + tag;
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
