import type { LedgerDocument, PastValue } from '#contract/documents/ledger-document.ts';
import type { Stamp } from '#contract/documents/stamp.ts';
import { canonicalJson, sortKeys } from './canonical.ts';
import { fieldsOf, groupOf, isEditable } from './field-groups.ts';

/** How many past values a document keeps: the latest by stamp. */
export const HISTORY_LENGTH = 20;

type Value = Record<string, unknown>;

/** One value that a group of fields has or had. */
interface Version {
	group: string;
	value: Value;
	/** The canonical JSON of `value`. */
	text: string;
	stamp: Stamp;
}

/**
 * Merges two versions of one document, field group by field group: the later stamp wins, of equal stamps
 * the larger canonical JSON. Every value that lost goes to the history, so nothing is dropped without a
 * trace.
 *
 * A document is read as the set of all values its groups have or had, each with the latest stamp it was
 * given; merging is the union of two such sets. That makes it commutative, associative and idempotent,
 * and it needs no common ancestor. `_rev` is taken from `a`.
 */
export function merge<D extends LedgerDocument>(a: D, b: D): D {
	return assemble(a, Math.max(a.version, b.version), [...versionsOf(a), ...versionsOf(b)]);
}

/**
 * The document with `changes` applied under one stamp. Fields whose value does not change keep their
 * stamp; when none changes, the document itself is returned. A field of a group takes the rest of its
 * group along.
 */
export function applyChanges<D extends LedgerDocument>(
	document: D,
	changes: Value,
	stamp: Stamp
): D {
	const edits = new Map<string, Version>();
	for (const [field, value] of Object.entries(changes)) {
		if (!isEditable(field) || canonicalJson(document[field]) === canonicalJson(value)) continue;
		const group = groupOf(document.type, field);
		const edited = edits.get(group)?.value ?? valueOf(document, group);
		edits.set(group, toVersion(group, { ...edited, [field]: value }, stamp));
	}
	if (edits.size === 0) return document;
	return assemble(document, document.version, [...versionsOf(document), ...edits.values()]);
}

/** A new document: every group has the same stamp. */
export function newDocument<D extends LedgerDocument>(
	fields: Omit<D, 'stamps' | 'history'>,
	stamp: Stamp
): D {
	const document = { ...fields, stamps: {} } as unknown as D;
	const groups = new Set(
		Object.keys(document)
			.filter(isEditable)
			.map((field) => groupOf(document.type, field))
	);
	const versions = [...groups].map((group) => toVersion(group, valueOf(document, group), stamp));
	return assemble(document, document.version, versions);
}

/** Whether two versions of a document say the same, their revisions aside. */
export function saysTheSame(a: LedgerDocument, b: LedgerDocument): boolean {
	return canonicalJson(withoutDatabaseFields(a)) === canonicalJson(withoutDatabaseFields(b));
}

function withoutDatabaseFields(document: LedgerDocument): Value {
	return Object.fromEntries(Object.entries(document).filter(([name]) => !name.startsWith('_')));
}

function versionsOf(document: LedgerDocument): Version[] {
	const groups = new Set(Object.keys(document.stamps));
	for (const field of Object.keys(document)) {
		if (isEditable(field)) groups.add(groupOf(document.type, field));
	}
	const current = [...groups].map((group) =>
		toVersion(group, valueOf(document, group), document.stamps[group] ?? '')
	);
	const past = (document.history ?? []).map(({ field, value, stamp }) =>
		toVersion(field, value, stamp)
	);
	return [...current, ...past];
}

function valueOf(document: LedgerDocument, group: string): Value {
	const value: Value = {};
	for (const field of fieldsOf(document.type, group)) {
		if (document[field] !== undefined) value[field] = document[field];
	}
	return value;
}

function toVersion(group: string, value: Value, stamp: Stamp): Version {
	const sorted = sortKeys(value) as Value;
	return { group, value: sorted, text: JSON.stringify(sorted), stamp };
}

function isLater(a: Version, b: Version): boolean {
	return a.stamp === b.stamp ? a.text > b.text : a.stamp > b.stamp;
}

function assemble<D extends LedgerDocument>(base: D, version: number, versions: Version[]): D {
	const latest = new Map<string, Version>();
	const distinct = new Map<string, Version>();
	for (const candidate of versions) {
		const leader = latest.get(candidate.group);
		if (!leader || isLater(candidate, leader)) latest.set(candidate.group, candidate);
		const key = `${candidate.group}\n${candidate.text}`;
		const same = distinct.get(key);
		if (!same || candidate.stamp > same.stamp) distinct.set(key, candidate);
	}
	const past = [...distinct.values()]
		.filter((candidate) => latest.get(candidate.group)?.text !== candidate.text)
		.sort(compareLatestFirst)
		.slice(0, HISTORY_LENGTH);

	// Key order is fixed: PouchDB hashes the JSON text into the revision, and two devices that merge
	// the same leaves must arrive at the same revision.
	const document: Record<string, unknown> = { _id: base._id };
	if (base._rev !== undefined) document._rev = base._rev;
	document.type = base.type;
	document.version = version;
	const groups = [...latest.values()].sort((a, b) => (a.group < b.group ? -1 : 1));
	for (const { value } of groups) Object.assign(document, value);
	document.stamps = Object.fromEntries(
		groups.filter(({ stamp }) => stamp !== '').map(({ group, stamp }) => [group, stamp])
	);
	if (past.length > 0) {
		document.history = past.map(({ group, value, stamp }): PastValue => ({
			field: group,
			value,
			stamp
		}));
	}
	return document as D;
}

function compareLatestFirst(a: Version, b: Version): number {
	if (a.stamp !== b.stamp) return a.stamp > b.stamp ? -1 : 1;
	const left = `${a.group}\n${a.text}`;
	const right = `${b.group}\n${b.text}`;
	return left > right ? -1 : left < right ? 1 : 0;
}
