import { byGroup, factsOf, read, textOf, type Fields, type Read } from './fields.ts';
import type { Findings } from './findings.ts';
import type { Model } from './model.ts';
import type { Body } from './world.ts';

/** What an action was asked to do to one document. */
export type Intent =
	| { does: 'make'; facts: Fields }
	| { does: 'edit'; changes: Fields }
	| { does: 'trash' | 'restore' }
	/** `overdueBy`: only what was put into the trash by then, in milliseconds since the Unix epoch. */
	| { does: 'purge'; overdueBy: number }
	/** Takes back what was written under these stamps. */
	| { does: 'undo'; wrote: ReadonlySet<string> }
	/** Notes about a step; only that they survive is looked at. */
	| { does: 'note' };

/** What an action did to one document. */
export interface Deed {
	id: string;
	before: Body | undefined;
	after: Body | undefined;
	intent: Intent | undefined;
	/** Whether the device was told that it is saved. */
	acknowledged: boolean;
	/** Something else was at work on the device at the same time. */
	disturbed: boolean;
}

/** Holds what an action did against what it was asked to do. */
export function judge(deed: Deed, model: Model, findings: Findings): void {
	const { id, before, after, intent, disturbed } = deed;
	const complain = (reason: string): void => findings.add('broken', id, reason);
	if (before && !after) return findings.add('lost', id, 'The action removed the document');
	if (!after || before?._rev === after._rev) {
		if (deed.acknowledged && isDue(before, intent)) {
			findings.add('lost', id, `Acknowledged and not there: ${JSON.stringify(intent)}`);
		}
		return;
	}
	if (!intent) return complain('The action wrote a document that it had no business with');
	if (disturbed || intent.does === 'note') return;
	if (intent.does === 'make') return judgeMake(after, intent.facts, complain);
	if (!before) return complain('The action made a document out of nothing');
	if (intent.does === 'purge') {
		if (trashedAt(before) > intent.overdueBy) complain('It is not overdue');
		return judgePurge(read(before), after, complain);
	}
	const [old, now] = [read(before), read(after)];
	if (now.purged !== undefined) return complain('The action purged the document');
	const changed = changedGroups(old, now);
	const latest = Object.values(old.stamps).reduce((last, at) => (at > last ? at : last), '');
	for (const group of changed) {
		if (!((now.stamps[group] ?? '') > latest)) {
			complain(`The new stamp of ${group} is not later than what stood before`);
		}
	}
	for (const group of Object.keys({ ...old.stamps, ...now.stamps })) {
		if (!changed.includes(group) && old.stamps[group] !== now.stamps[group]) {
			complain(`${group} has another stamp and the same value`);
		}
	}
	if (intent.does === 'undo') return judgeUndo(id, old, now, intent.wrote, model, complain);
	for (const field of Object.keys({ ...old.facts, ...now.facts })) {
		if (!matches(intent, field, old.facts[field], now.facts[field])) {
			complain(`${field} became ${JSON.stringify(now.facts[field])}: ${JSON.stringify(intent)}`);
		}
	}
	if (old.deletedAt !== null && now.deletedAt === null) judgeKept(old, now, complain);
}

/** Whatever wrote several documents is known by an operation, even if a crash has cut it short. */
export function judgeBulk(
	before: ReadonlyMap<string, Body>,
	after: ReadonlyMap<string, Body>,
	findings: Findings
): void {
	const written = [...after].filter(
		([id, { _rev }]) => !id.startsWith('operation:') && before.get(id)?._rev !== _rev
	);
	if (written.length < 2) return;
	const operations = [...after.values()].filter(({ type }) => type === 'operation');
	const known = new Set(operations.flatMap(({ wrote }) => wrote as string[]));
	for (const [id, body] of written) {
		const stamps = Object.values(read(body).stamps);
		if (!stamps.some((stamp) => known.has(stamp))) {
			findings.add('broken', id, 'It was written by a step that no operation names');
		}
	}
}

/** Whether an acknowledged action must have written something. */
function isDue(before: Body | undefined, intent: Intent | undefined): boolean {
	if (!intent) return false;
	if (intent.does === 'make') return !before;
	if (!before || before.purged !== undefined) return false;
	switch (intent.does) {
		case 'edit':
			return Object.entries(intent.changes).some(
				([field, value]) => textOf(before[field]) !== textOf(value)
			);
		case 'trash':
			return before.deletedAt === null;
		case 'restore':
			return before.deletedAt !== null;
		case 'purge':
			return read(before).deletedAt !== null && trashedAt(before) <= intent.overdueBy;
		case 'undo':
			return mustUndo(read(before), intent.wrote);
		case 'note':
			return false;
	}
}

function judgeMake(after: Body, facts: Fields, complain: (reason: string) => void): void {
	const now = read(after);
	if (textOf(now.facts) !== textOf(facts)) {
		complain(`It was made as ${textOf(now.facts)} and asked for as ${textOf(facts)}`);
	}
	const groups = [...byGroup(now.type, now.facts).keys()].sort();
	if (textOf(Object.keys(now.stamps).sort()) !== textOf(groups)) complain('A group has no stamp');
	if (new Set(Object.values(now.stamps)).size !== 1) complain('A new entry has several stamps');
}

function judgePurge(before: Read, after: Body, complain: (reason: string) => void): void {
	if (before.deletedAt === null) return complain('What was not in the trash was purged');
	const now = read(after);
	const due = new Date(Date.parse(before.deletedAt) + 30 * 86_400_000).toISOString();
	if (now.purged === undefined || now.purged > due) complain(`It was purged at ${now.purged}`);
	if (textOf(now.stamps) !== textOf({ ...before.erased, ...before.stamps })) {
		complain('The stub does not say up to when values are gone');
	}
	const facts = Object.keys(now.facts);
	if (facts.length > 0 || now.history.length > 0) complain(`The stub still has ${facts.join(' ')}`);
}

function trashedAt(before: Body): number {
	return Date.parse(read(before).deletedAt ?? '');
}

function judgeKept(old: Read, now: Read, complain: (reason: string) => void): void {
	const { deletedAt: _, ...facts } = old.facts;
	if (textOf(now.kept) !== textOf(facts)) complain('The restore does not bring the entry along');
}

function matches(intent: Intent, field: string, old: unknown, now: unknown): boolean {
	if (intent.does === 'edit' && field in intent.changes) {
		return textOf(now) === textOf(intent.changes[field]);
	}
	if (field === 'deletedAt' && intent.does === 'trash') return now !== null;
	if (field === 'deletedAt' && intent.does === 'restore') return now === null;
	return textOf(old) === textOf(now);
}

/**
 * An undo touches only groups whose value is the step's, and gives each the value before. Where the step
 * made the document, it goes to the trash if all of it still is the step's.
 */
function judgeUndo(
	id: string,
	old: Read,
	now: Read,
	wrote: ReadonlySet<string>,
	model: Model,
	complain: (reason: string) => void
): void {
	const groups = byGroup(old.type, old.facts);
	// There is no trash to go back to, or it is none that anybody was told of.
	const isNewTrash =
		!old.history.some(({ field }) => field === 'deletedAt') ||
		!model.everHad(id, 'deletedAt', { deletedAt: now.deletedAt });
	const goes = old.deletedAt === null && now.deletedAt !== null && isNewTrash;
	if (goes) {
		for (const group of Object.keys(old.stamps)) {
			if (!isOf(wrote, old, group)) complain(`Undo threw away an edit of ${group} made since`);
		}
		return;
	}
	for (const group of changedGroups(old, now)) {
		if (!isOf(wrote, old, group)) complain(`Undo took back ${group}, which the step did not write`);
		const value = byGroup(now.type, now.facts).get(group) ?? {};
		const before = valueBefore(old, group);
		if (old.origins[group] !== undefined) {
			if (!model.everHad(id, group, value)) complain(`Undo invented ${group}`);
		} else if (before && textOf(before) !== textOf(value)) {
			complain(`Undo made ${group} ${textOf(value)}, before the step it was ${textOf(before)}`);
		} else if (!before && !group.startsWith('#')) {
			complain(`Undo guessed ${group}, instead of ${textOf(groups.get(group))}`);
		}
	}
}

/** Whether something of a step's is left that an undo can take back, where that is plain to see. */
function mustUndo(old: Read, wrote: ReadonlySet<string>): boolean {
	const isPlain = Object.keys(old.origins).length === 0 && Object.keys(old.erased).length === 0;
	if (!isPlain || old.purged !== undefined) return false;
	const groups = byGroup(old.type, old.facts);
	return Object.keys(old.stamps).some((group) => {
		const before = valueBefore(old, group);
		return isOf(wrote, old, group) && before && textOf(before) !== textOf(groups.get(group));
	});
}

function isOf(wrote: ReadonlySet<string>, { stamps, origins }: Read, group: string): boolean {
	return wrote.has(stamps[group] ?? '') || wrote.has(origins[group] ?? '');
}

/** What a group said before its current value; the history has the latest first. */
function valueBefore({ history, stamps }: Read, group: string): Fields | undefined {
	const past = history.find(({ field, stamp }) => field === group && stamp < (stamps[group] ?? ''));
	return past && factsOf(past.value);
}

function changedGroups(old: Read, now: Read): string[] {
	const [before, after] = [byGroup(old.type, old.facts), byGroup(now.type, now.facts)];
	return [...after.keys()].filter(
		(group) => textOf(before.get(group) ?? {}) !== textOf(after.get(group) ?? {})
	);
}
