import type { LedgerDocument, PastValue } from '#contract/documents/ledger-document.ts';
import type { Stamp } from '#contract/documents/stamp.ts';
import type { Stub } from '#contract/documents/stub.ts';
import { sortKeys } from './canonical.ts';
import { fieldsOf, groupOf, isEditable } from './field-groups.ts';

/** How many past values a group of fields keeps: the latest by stamp. */
export const HISTORY_LENGTH = 10;

export type Value = Record<string, unknown>;

/** One value that a group of fields has or had. */
export interface Version {
	group: string;
	value: Value;
	/** The canonical JSON of `value`. */
	text: string;
	/** `''` for a field that nobody ever set, such as one that a migration added. */
	stamp: Stamp | '';
	/** Of a value that an undo put back: the stamp that it had before. */
	origin: Stamp | undefined;
}

/**
 * What a document says, apart from how it is written down: a set of values, and how far they were erased.
 * States form a join-semilattice: {@link joinStates} is commutative, associative and idempotent, because
 * it only ever takes unions and maxima and forgets what a maximum rules out.
 *
 * - `versions`: per group, the latest values that were written to it;
 * - `erased`: per group, the stamp up to which a purge has erased its values;
 * - `restored`: when the document was last taken out of the trash. A purge of a trash that is older than
 *   this does not count: somebody has asked for the document since.
 */
export interface DocumentState {
	versions: Version[];
	erased: Readonly<Record<string, Stamp>>;
	restored: Stamp | undefined;
	/** When it was purged last. Only of a document that is. */
	purged: string | undefined;
}

export type AnyDocument = LedgerDocument | Stub;

export function isStub(document: AnyDocument): document is Stub {
	return document.purged !== undefined;
}

/** Reads what a document says. */
export function readState(document: AnyDocument): DocumentState {
	const past = (document.history ?? []).map(({ field, value, stamp, origin }) =>
		toVersion(field, value, stamp, origin)
	);
	if (isStub(document)) {
		const { purged, stamps: erased } = document;
		return settle({ versions: past, erased, restored: undefined, purged });
	}
	const groups = new Set(Object.keys(document.stamps));
	for (const field of Object.keys(document)) {
		if (isEditable(field)) groups.add(groupOf(document.type, field));
	}
	const current = [...groups].map((group) =>
		toVersion(
			group,
			valueOf(document, group),
			document.stamps[group] ?? '',
			document.origins?.[group]
		)
	);
	return settle({
		versions: [...current, ...past],
		erased: document.erased ?? {},
		restored: document.restored,
		purged: undefined
	});
}

/** All that either of two states says. */
export function joinStates(a: DocumentState, b: DocumentState): DocumentState {
	const erased: Record<string, Stamp> = { ...a.erased };
	for (const [group, stamp] of Object.entries(b.erased)) {
		if (stamp > (erased[group] ?? '')) erased[group] = stamp;
	}
	return settle({
		versions: [...a.versions, ...b.versions],
		erased,
		restored: larger(a.restored, b.restored),
		purged: latestPurge(a, b)
	});
}

/** The instant of the purge that erased the later trash. */
function latestPurge(a: DocumentState, b: DocumentState): string | undefined {
	const [ofA, ofB] = [a.erased.deletedAt ?? '', b.erased.deletedAt ?? ''];
	if (a.purged === undefined || b.purged === undefined || ofA === ofB) {
		return larger(a.purged, b.purged);
	}
	return ofA > ofB ? a.purged : b.purged;
}

function larger<T extends string>(a: T | undefined, b: T | undefined): T | undefined {
	return a === undefined || (b !== undefined && b > a) ? b : a;
}

/** Forgets what the rest of a state rules out. */
function settle(state: DocumentState): DocumentState {
	const wasErased = Object.keys(state.erased).length > 0;
	const distinct = new Map<string, Version>();
	for (const version of state.versions) {
		// A value without a stamp is older than any purge.
		if (wasErased && version.stamp <= (state.erased[version.group] ?? '')) continue;
		distinct.set(`${version.stamp}\n${sortText(version)}`, version);
	}
	const kept = new Map<string, number>();
	const versions = [...distinct.values()].sort(compareLatestFirst).filter(({ group }) => {
		const count = kept.get(group) ?? 0;
		kept.set(group, count + 1);
		return count <= HISTORY_LENGTH;
	});
	const isPurged = wasErased && !isRestored(state);
	return { ...state, versions, purged: isPurged ? state.purged : undefined };
}

function isRestored({ erased, restored }: DocumentState): boolean {
	return restored !== undefined && restored > (erased.deletedAt ?? '');
}

/**
 * Writes a state down as a document. Key order is fixed: PouchDB hashes the JSON text into the revision,
 * and two devices that merge the same leaves must arrive at the same revision.
 */
export function writeState<D extends AnyDocument>(
	base: Pick<D, '_id' | '_rev' | 'type'>,
	version: number,
	state: DocumentState
): D {
	const document: Value = { _id: base._id };
	if (base._rev !== undefined) document._rev = base._rev;
	document.type = base.type;
	if (state.purged !== undefined) {
		document.purged = state.purged;
		document.stamps = sortKeys(state.erased);
		if (state.versions.length > 0) document.history = state.versions.map(toPastValue);
		return document as unknown as D;
	}

	const current = new Map<string, Version>();
	// The latest comes first: what follows of the same group is past.
	const past = state.versions.filter((candidate) => {
		if (current.has(candidate.group)) return true;
		current.set(candidate.group, candidate);
		return false;
	});
	document.version = version;
	const groups = [...current.values()].sort((a, b) => (a.group < b.group ? -1 : 1));
	// A purge somewhere erased what the restored document had: the restore brought it along. It need not be
	// the current value: somebody may have put the document into the trash again, not knowing of the purge.
	if (Object.keys(state.erased).length > 0) {
		const restore = state.versions.find(({ value }) => value.kept !== undefined);
		const kept = (restore?.value.kept ?? {}) as Value;
		for (const [field, value] of Object.entries(kept)) {
			if (!current.has(groupOf(base.type, field))) document[field] = value;
		}
	}
	for (const { value } of groups) Object.assign(document, value);
	document.stamps = Object.fromEntries(
		groups.filter(({ stamp }) => stamp !== '').map(({ group, stamp }) => [group, stamp])
	);
	const origins = groups.filter(({ origin }) => origin !== undefined);
	if (origins.length > 0) {
		document.origins = Object.fromEntries(origins.map(({ group, origin }) => [group, origin]));
	}
	if (state.restored !== undefined) document.restored = state.restored;
	if (Object.keys(state.erased).length > 0) document.erased = sortKeys(state.erased);
	if (past.length > 0) document.history = past.map(toPastValue);
	return document as unknown as D;
}

/** What a group of fields says now. */
export function valueOf(document: LedgerDocument, group: string): Value {
	const value: Value = {};
	for (const field of fieldsOf(document.type, group)) {
		if (document[field] !== undefined) value[field] = document[field];
	}
	return value;
}

export function toVersion(group: string, value: Value, stamp: Stamp | '', origin?: Stamp): Version {
	const sorted = sortKeys(value) as Value;
	return { group, value: sorted, text: JSON.stringify(sorted), stamp, origin };
}

function toPastValue({ group, value, stamp, origin }: Version): PastValue {
	return { field: group, value, stamp, ...(origin !== undefined && { origin }) };
}

/** By stamp, of equal stamps the larger text: a total order, the same on every device. */
function compareLatestFirst(a: Version, b: Version): number {
	if (a.stamp !== b.stamp) return a.stamp > b.stamp ? -1 : 1;
	const [left, right] = [sortText(a), sortText(b)];
	return left > right ? -1 : left < right ? 1 : 0;
}

function sortText({ group, text, origin }: Version): string {
	return `${group}\n${text}\n${origin ?? ''}`;
}
