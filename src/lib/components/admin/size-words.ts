import type { AdminAccount } from '#contract/admin.ts';
import * as m from '#messages';

const MEGABYTE = 1_000_000;

/** "2.3 MB", from bytes. */
export function sizeWords(bytes: number): string {
	return new Intl.NumberFormat(undefined, {
		style: 'unit',
		unit: bytes < 1000 * MEGABYTE ? 'megabyte' : 'gigabyte',
		maximumFractionDigits: 1
	}).format(bytes < 1000 * MEGABYTE ? bytes / MEGABYTE : bytes / (1000 * MEGABYTE));
}

/** "1,234 documents", from a number of them. */
export function documentWords(documents: number): string {
	return m.admin_document_count({ count: documents });
}

/** How much an account has in the cloud. */
export function usageWords({ usage }: Pick<AdminAccount, 'usage'>): string {
	if (!usage) return m.admin_size_unknown();
	return `${documentWords(usage.documents)}, ${sizeWords(usage.bytes)}`;
}

/** How much it may have there, where that is its own. */
export function quotaWords({ quota }: Pick<AdminAccount, 'quota'>): string {
	const parts = [
		quota.documents === null ? '' : documentWords(quota.documents),
		quota.bytes === null ? '' : sizeWords(quota.bytes)
	].filter(Boolean);
	return parts.length > 0 ? m.admin_up_to({ what: parts.join(', ') }) : m.admin_as_everybody();
}

/** Megabytes as somebody types them, from bytes; empty for none. */
export function toMegabytes(bytes: number | null): string {
	return bytes === null ? '' : String(bytes / MEGABYTE);
}

/** Bytes, from megabytes as somebody typed them. `undefined`: that is no number. */
export function fromMegabytes(text: string): number | null | undefined {
	const megabytes = toCount(text, /^\d{1,7}(\.\d{1,6})?$/);
	return typeof megabytes === 'number' ? Math.round(megabytes * MEGABYTE) : megabytes;
}

/** A whole number as somebody typed it; `null` for nothing, `undefined`: that is no number. */
export function toCount(text: string, shape = /^\d{1,9}$/): number | null | undefined {
	const typed = text.trim();
	if (typed === '') return null;
	return shape.test(typed) ? Number(typed) : undefined;
}
