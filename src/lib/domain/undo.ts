import type { LedgerDocument } from '#contract/documents/ledger-document.ts';
import type { Stamp } from '#contract/documents/stamp.ts';
import { readState, type Value, type Version } from './document-state.ts';
import type { Edit } from './merge.ts';

/** What taking a step back means for one document. */
export type Undo =
	/** The edit that takes it back. `changedSince`: somebody changed other fields of the step since; they stay. */
	| { state: 'undo'; edit: Edit; changedSince: boolean }
	/** Everything that the step wrote was changed since: it stays as it is. */
	| { state: 'changed-since' }
	/** The step wrote nothing here. */
	| { state: 'untouched' };

/**
 * How to take back what a step wrote to a document. Only groups of fields whose value still is the step's
 * are touched; each gets the value that it had before. A document that the step made goes to the trash,
 * unless somebody edited it since.
 *
 * @param wrote the step's stamps.
 * @param now the instant for the trash.
 */
export function undoStep(document: LedgerDocument, wrote: ReadonlySet<Stamp>, now: string): Undo {
	const groups = groupVersions(readState(document).versions);
	const isMade = [...groups.values()].every((versions) => isWrittenBy(wrote, findFirst(versions)));
	if (isMade) {
		if (document.deletedAt !== null) return { state: 'untouched' };
		const isUnchanged = [...groups.values()].every(([current]) => isWrittenBy(wrote, current));
		if (!isUnchanged) return { state: 'changed-since' };
		return { state: 'undo', edit: { changes: { deletedAt: now } }, changedSince: false };
	}

	const changes: Value = {};
	const origins: Record<string, Stamp> = {};
	let changedSince = false;
	let touched = false;
	for (const [group, versions] of groups) {
		const [current] = versions;
		if (!current) continue;
		if (!isWrittenBy(wrote, current)) {
			changedSince ||= versions.some((version) => isWrittenBy(wrote, version));
			continue;
		}
		const before = valueBefore(current, versions, wrote);
		if (!before && !isMark(group)) {
			// The value before has left the history: better to leave the field than to guess.
			changedSince = true;
			continue;
		}
		touched = true;
		Object.assign(changes, before ? before.value : takenOff(current.value));
		const origin = before && (before.origin ?? before.stamp);
		if (origin) origins[group] = origin;
	}
	if (touched) return { state: 'undo', edit: { changes, origins }, changedSince };
	return changedSince ? { state: 'changed-since' } : { state: 'untouched' };
}

function isWrittenBy(wrote: ReadonlySet<Stamp>, version: Version | undefined): boolean {
	if (!version) return false;
	return wrote.has(version.stamp) || (version.origin !== undefined && wrote.has(version.origin));
}

/** The versions of each group, the current one first, those without a stamp left out. */
function groupVersions(versions: readonly Version[]): Map<string, Version[]> {
	const groups = new Map<string, Version[]>();
	for (const version of versions) {
		if (version.stamp === '') continue;
		const others = groups.get(version.group);
		if (others) others.push(version);
		else groups.set(version.group, [version]);
	}
	return groups;
}

/** The value that a group had first, of those that are still known. */
function findFirst(versions: readonly Version[]): Version | undefined {
	return versions.reduce((first, version) => (firstAt(version) < firstAt(first) ? version : first));
}

/** A value that an undo had put back stands for the moment it was first written at. */
function firstAt({ stamp, origin }: Version): string {
	return origin ?? stamp;
}

/** What a group said before the step: the latest value that is older than the step's own. */
function valueBefore(
	current: Version,
	versions: readonly Version[],
	wrote: ReadonlySet<Stamp>
): Version | undefined {
	const isPutBack = !wrote.has(current.stamp);
	const at = (version: Version): string => (isPutBack ? firstAt(version) : version.stamp);
	return versions
		.filter((version) => version !== current && at(version) < at(current))
		.sort((a, b) => (at(a) > at(b) ? -1 : 1))[0];
}

/** A tag, a receipt, the first choice of a set: absent before somebody added it. */
function isMark(group: string): boolean {
	return /^(#|receipt:|skip:|startingCategories$)/.test(group);
}

function takenOff(value: Value): Value {
	return Object.fromEntries(
		Object.entries(value).map(([field, mark]) => [field, typeof mark === 'boolean' ? false : null])
	);
}
