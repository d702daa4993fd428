import type { LedgerDocument } from '#contract/documents/ledger-document.ts';
import type { Stamp } from '#contract/documents/stamp.ts';
import { canonicalJson } from './canonical.ts';
import {
	joinStates,
	readState,
	toVersion,
	valueOf,
	writeState,
	type AnyDocument,
	type Value,
	type Version
} from './document-state.ts';
import { groupOf, isEditable } from './field-groups.ts';

/**
 * Merges two versions of one document, field group by field group: the later stamp wins, of equal stamps
 * the larger canonical JSON. Every value that lost goes to the history, so nothing is dropped without a
 * trace. A stub stays one, with late edits in its history, unless somebody restored the document later
 * than it was put into the trash.
 *
 * Commutative, associative and idempotent, and without need of a common ancestor; see
 * `document-state.ts` for why. `_rev` is taken from `a`.
 */
export function merge<D extends AnyDocument>(a: D, b: D): D {
	return writeState(
		a,
		Math.max(versionOf(a), versionOf(b)),
		joinStates(readState(a), readState(b))
	);
}

/** A change of some fields. `origins`: of fields that are put back, the stamps that they had. */
export interface Edit {
	changes: Value;
	origins?: Readonly<Record<string, Stamp>>;
}

/**
 * The document with `changes` applied under one stamp. Fields whose value does not change keep their
 * stamp; when none changes, the document itself is returned. A field of a group takes the rest of its
 * group along.
 */
export function applyChanges<D extends LedgerDocument>(
	document: D,
	changes: Value,
	stamp: Stamp,
	origins: Edit['origins'] = {}
): D {
	const edits = new Map<string, Version>();
	for (const [field, value] of Object.entries(changes)) {
		if (!isEditable(field) || canonicalJson(document[field]) === canonicalJson(value)) continue;
		const group = groupOf(document.type, field);
		const edited = edits.get(group)?.value ?? valueOf(document, group);
		edits.set(group, toVersion(group, { ...edited, [field]: value }, stamp, origins[group]));
	}
	if (edits.size === 0) return document;
	const before = readState(document);
	const trash = edits.get('deletedAt');
	const isRestored = trash?.value.deletedAt === null;
	if (trash) edits.set('deletedAt', isRestored ? withKept(document, trash) : withoutKept(trash));
	const after = joinStates(before, {
		...before,
		versions: [...edits.values()],
		restored: isRestored ? stamp : before.restored
	});
	return writeState(document, document.version, after);
}

/**
 * A restore brings the whole document along: somewhere it may have been purged, with all its values gone,
 * by a device that did not know of the restore.
 */
function withKept(document: LedgerDocument, { value, stamp, origin }: Version): Version {
	const {
		kept: _kept,
		deletedAt: _deletedAt,
		...fields
	} = Object.fromEntries(Object.entries(document).filter(([field]) => isEditable(field)));
	return toVersion('deletedAt', { ...value, kept: fields }, stamp as Stamp, origin);
}

/** Only restores bring the document along: what it then had stays in the history for as long as it counts. */
function withoutKept({ value, stamp, origin }: Version): Version {
	const { kept: _kept, ...others } = value;
	return toVersion('deletedAt', others, stamp as Stamp, origin);
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
	return writeState(document, document.version, {
		versions,
		erased: {},
		restored: undefined,
		purged: undefined
	});
}

/** Whether two versions of a document say the same, their revisions aside. */
export function saysTheSame(a: AnyDocument, b: AnyDocument): boolean {
	return canonicalJson(withoutDatabaseFields(a)) === canonicalJson(withoutDatabaseFields(b));
}

function withoutDatabaseFields(document: AnyDocument): Value {
	return Object.fromEntries(Object.entries(document).filter(([name]) => !name.startsWith('_')));
}

function versionOf(document: AnyDocument): number {
	return typeof document.version === 'number' ? document.version : 0;
}
