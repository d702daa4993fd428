import { computedId } from '#lib/domain/document-id.ts';
import { newTransaction, type TransactionFields } from '#lib/domain/draft.ts';
import { newCategory, startingDocuments } from '#lib/domain/starting-documents.ts';
import type { KnownDocument } from '#lib/storage/document-codec.ts';
import type { BulkResult, SaveResult } from '#lib/storage/ledger-repository.ts';
import type { PouchLedgerRepository } from '#lib/storage/pouch-ledger-repository.ts';
import { factsOf, type Fields, type Past } from './fields.ts';
import type { Intent } from './intent.ts';
import type { Action } from './plan.ts';
import { send, sendSome } from './replicate.ts';
import { noteSteps, type Body, type ProvedDevice, type World } from './world.ts';

/** What an action was asked to do, and what the device was told it did. */
export interface Deeds {
	/** What it may do to a document. */
	intents(id: string): Intent | undefined;
	/** Ids that it was told are saved. */
	acknowledged: string[];
	disturbed?: boolean;
	/** In words, with the documents that the plan's numbers came to. */
	words: string;
}

/** An action that writes nothing of its own. */
const NONE = { intents: () => undefined, acknowledged: [] };

type Answer = SaveResult | BulkResult | undefined;

/**
 * Carries one action out.
 *
 * @param docs what the device has, by id.
 * @param tell is called before the first write: what is asked for stands even if the process dies.
 */
export async function act(
	world: World,
	device: ProvedDevice,
	action: Action,
	docs: ReadonlyMap<string, Body>,
	tell: (deeds: Deeds) => void
): Promise<void> {
	const { repository, database } = device;
	const editable = [...docs.keys()].filter((id) => !id.startsWith('operation:')).sort();
	const choose = (number: number): string => editable[number % editable.length] ?? '';
	const chooseAll = (numbers: number[]): string[] => [...new Set(numbers.map(choose))];
	const inTrash = editable.filter((id) => typeof docs.get(id)?.deletedAt === 'string');
	/** Mostly what is in the trash; sometimes what is not, or is purged. */
	const chooseTrashed = (numbers: number[]): string[] => [
		...new Set(
			numbers.map(
				(number) =>
					(number % 5 > 0 ? inTrash[number % inTrash.length] : undefined) ?? choose(number)
			)
		)
	];
	const onAll = async (
		ids: string[],
		intent: Intent,
		run: (repository: PouchLedgerRepository) => Promise<Answer>
	): Promise<void> => {
		const deeds: Deeds = {
			intents: (id) => (ids.includes(id) ? intent : isNote(id)),
			acknowledged: [],
			words: `${ids.join(' ')} ${JSON.stringify(intent)}`
		};
		tell(deeds);
		keepStep(device, await run(repository), deeds);
	};
	if (editable.length === 0 && NEEDS_DOCUMENTS.has(action.do)) {
		tell({ ...NONE, words: 'nothing to do it to' });
		return;
	}

	switch (action.do) {
		case 'create': {
			const fields = { ...anExpense(), ...withoutMarks(action.changes) } as TransactionFields;
			const facts = { ...EMPTY, ...fields };
			const deeds: Deeds = {
				intents: (id) =>
					docs.has(id) || !id.startsWith('transaction:') ? undefined : { does: 'make', facts },
				acknowledged: [],
				words: JSON.stringify(fields)
			};
			tell(deeds);
			return keepStep(device, await repository.createTransaction(fields), deeds);
		}
		case 'change': {
			const id = choose(action.doc);
			const changes = changesFor(id, action.changes);
			if (!action.whileSettling) {
				return onAll([id], { does: 'edit', changes }, () => repository.change(id, changes));
			}
			const deeds: Deeds = {
				intents: (other) => ({ does: 'edit', changes: other === id ? changes : {} }),
				acknowledged: [],
				disturbed: true,
				words: `${id} ${JSON.stringify(changes)}, while conflicts are settled`
			};
			tell(deeds);
			const [settled, saved] = await Promise.allSettled([
				world.settle(device, false),
				repository.change(id, changes)
			]);
			if (saved.status === 'rejected') throw saved.reason;
			keepStep(device, saved.value, deeds);
			if (settled.status === 'rejected') throw settled.reason;
			return;
		}
		case 'burst': {
			const id = choose(action.doc);
			const field = docs.get(id)?.type === 'transaction' ? 'payee' : 'name';
			const all = Array.from({ length: action.times }, (_, at) => `${device.id} ${at}`);
			const deeds: Deeds = {
				intents: (other) =>
					other === id ? { does: 'edit', changes: { [field]: all.at(-1) } } : undefined,
				acknowledged: [],
				disturbed: true,
				words: `${id} ${all.length} times`
			};
			tell(deeds);
			for (const value of all) {
				deeds.acknowledged = [];
				keepStep(device, await repository.change(id, { [field]: value }), deeds);
			}
			return;
		}
		case 'changeAll': {
			const ids = chooseAll(action.docs).filter((id) => id.startsWith('transaction:'));
			const { changes } = action;
			return onAll(ids, { does: 'edit', changes }, () => repository.changeAll(ids, changes, ''));
		}
		case 'trash':
		case 'restore': {
			const ids = chooseTrashed(action.docs);
			return onAll(ids, { does: action.do }, () => repository[action.do](ids));
		}
		case 'purge': {
			const ids = chooseTrashed(action.docs);
			const { which } = action;
			const month = world.instant + device.offset - 30 * DAY_MS;
			const overdueBy = which === 'all' ? Infinity : month;
			return onAll(ids, { does: 'purge', overdueBy }, () => repository.purge(ids, which));
		}
		case 'bringBack': {
			const id = choose(action.doc);
			const history = (docs.get(id)?.history ?? []) as Past[];
			const all = history.filter(({ field }) => field !== 'deletedAt');
			const past = all[action.which % all.length];
			if (!past || docs.get(id)?.purged !== undefined) {
				return tell({ ...NONE, words: `${id} has no past` });
			}
			const intent = { does: 'edit', changes: past.value } as const;
			return onAll([id], intent, () => repository.bringBack(id, past));
		}
		case 'import':
			return importFile(device, action.file, tell);
		case 'starting': {
			const documents = startingDocuments().filter(({ _id }) => STARTING.includes(_id));
			// Another version of the app starts with another picture, under the same stamp.
			const [food] = documents;
			if (food && action.appVersion > 0) food.icon = 'fork';
			tell({
				intents: (id) => {
					const document = documents.find(({ _id }) => _id === id);
					return document && { does: 'make', facts: factsOf(document) };
				},
				acknowledged: [],
				words: `of version ${action.appVersion}`
			});
			await database.bulkDocs(documents);
			return;
		}
		case 'undo': {
			const step = device.steps[action.which % device.steps.length];
			if (!step) return tell({ ...NONE, words: 'no step' });
			return takeBack(step.wrote, step.ids, (repository) => repository.undo(step));
		}
		case 'undoLast': {
			await noteSteps(device);
			const { wrote, ids } = (await lastStep(device, docs)) ?? { wrote: [], ids: [] };
			return takeBack(wrote, ids, (repository) => repository.undoLast());
		}
		case 'undoOperation': {
			const operations = [...docs.values()].filter(({ type }) => type === 'operation');
			operations.sort((a, b) => (a._id < b._id ? -1 : 1));
			const operation = operations[action.which % operations.length];
			if (!operation) return tell({ ...NONE, words: 'no operation' });
			const { _id: id, wrote, ids } = operation as unknown as Body & Step;
			return takeBack(wrote, ids, (repository) => repository.undoOperation(id));
		}
		case 'push':
		case 'pull':
		case 'sync':
			tell({ ...NONE, words: action.duplicate ? 'from the beginning' : '' });
			if (action.do !== 'pull') await send(database, world.server, action.duplicate);
			if (action.do !== 'push') await send(world.server, database, action.duplicate);
			return;
		case 'syncWithPeer': {
			const peer = world.devices[action.peer] ?? device;
			tell({ ...NONE, words: peer.id });
			if (peer === device) return;
			await send(database, peer.database, false);
			return send(peer.database, database, false);
		}
		case 'pushSome':
		case 'pullSome': {
			const isPush = action.do === 'pushSome';
			const [from, to] = isPush ? [database, world.server] : [world.server, database];
			const ids = chooseAll(action.docs);
			tell({ ...NONE, words: ids.join(' ') });
			return sendSome(from, to, ids);
		}
		case 'post': {
			const id = choose(action.doc);
			tell({ ...NONE, words: id });
			const leaves = (await database.get(id, { open_revs: 'all', revs: true })) as unknown as {
				ok?: Fields;
			}[];
			world.messages.push(leaves.flatMap(({ ok }) => (ok ? [ok] : [])));
			return;
		}
		case 'deliver': {
			const message = world.messages[action.which % world.messages.length] ?? [];
			tell({ ...NONE, words: message.map(({ _id, _rev }) => `${_id} ${_rev}`).join(', ') });
			const revisions = action.backwards ? message.toReversed() : message;
			for (const revision of revisions) await database.bulkDocs([revision], { new_edits: false });
			return;
		}
		case 'settle':
			tell({ ...NONE, words: '' });
			return world.settle(device);
		case 'compact':
		case 'compactServer':
			tell({ ...NONE, words: '' });
			await (action.do === 'compact' ? database : world.server).compact();
			return;
		case 'reload':
			tell({ ...NONE, words: '' });
			return device.reopen();
		case 'setClock':
			tell({ ...NONE, words: `off by ${action.offset} ms` });
			device.offset = action.offset;
			return;
	}

	async function takeBack(
		wrote: readonly string[],
		ids: readonly string[] | null,
		run: (repository: PouchLedgerRepository) => Promise<Answer>
	): Promise<void> {
		const stamps = new Set(wrote);
		const deeds: Deeds = {
			intents: (id) =>
				isNote(id) ?? (!ids || ids.includes(id) ? { does: 'undo', wrote: stamps } : undefined),
			acknowledged: [],
			words: `${wrote.join(' ')} of ${ids?.join(' ') ?? 'all'}`
		};
		tell(deeds);
		const answer = await run(repository);
		if (device.life.isOver || !answer || hasFailed(answer)) return;
		// What is plainly to be taken back must be, whether the answer names it or not.
		deeds.acknowledged = (ids ?? editable).filter((id) => id.startsWith('transaction:'));
	}
}

/** What was written under which stamps; `ids` is `null` where it is found by the stamps. */
interface Step {
	wrote: readonly string[];
	ids: readonly string[] | null;
}

const DAY_MS = 86_400_000;

const NEEDS_DOCUMENTS = new Set<Action['do']>([
	'change',
	'burst',
	'changeAll',
	'trash',
	'restore',
	'purge',
	'bringBack',
	'pushSome',
	'pullSome',
	'post'
]);

const STARTING = ['category:food', 'account:cash'];

/** What a new entry has that nobody was asked for. */
const EMPTY: Fields = {
	toAmountMinor: null,
	toCurrency: null,
	splits: [],
	spentTime: null,
	operationId: null,
	recurringRuleId: null,
	dueOn: null,
	deletedAt: null
};

function anExpense(): TransactionFields {
	return {
		kind: 'expense',
		amountMinor: 1250,
		currency: 'EUR',
		categoryId: 'category:food',
		accountId: 'account:cash',
		toAccountId: null,
		payee: 'Bakery',
		note: '',
		spentOn: '2026-11-22'
	};
}

function withoutMarks(changes: Fields): Fields {
	return Object.fromEntries(Object.entries(changes).filter(([field]) => !field.startsWith('#')));
}

/** Categories and accounts have other fields than entries. */
function changesFor(id: string, changes: Fields): Fields {
	if (id.startsWith('transaction:')) return changes;
	const name = Object.values(changes).map(String).join(' ');
	const isAccount = id.startsWith('account:');
	return isAccount ? { name, openingMinor: name.length } : { name, archived: name.length % 2 > 0 };
}

/** Three rows and the category that they bring along: the same on every device that imports the file. */
async function importFile(
	device: ProvedDevice,
	file: number,
	tell: (deeds: Deeds) => void
): Promise<void> {
	const { repository } = device;
	const operation = await repository.beginOperation();
	const category = newCategory(
		computedId('category', 'file', `${file}`),
		{ name: `File ${file}`, icon: 'train', colour: 1, order: 20, parentId: null },
		operation.stamp
	);
	const rows = [0, 1, 2].map((row) =>
		newTransaction(
			computedId('transaction', 'file', `${file}`, `${row}`),
			{
				...anExpense(),
				amountMinor: 1000 * (file + 1) + row,
				categoryId: category._id,
				operationId: operation.id
			},
			operation.stamp
		)
	);
	const documents: KnownDocument[] = [category, ...rows];
	const deeds: Deeds = {
		intents: (id) => {
			const document = documents.find(({ _id }) => _id === id);
			return document ? { does: 'make', facts: factsOf(document) } : isNote(id);
		},
		acknowledged: [],
		words: `file ${file} as ${operation.id}`
	};
	tell(deeds);
	const recorded = await repository.recordImport(operation, { label: `${file}.csv`, entries: 3 });
	if (!recorded.ok) return;
	for (const batch of [documents.slice(0, 2), documents.slice(2)]) {
		const { written } = await repository.addAll(batch);
		if (device.life.isOver) return;
		deeds.acknowledged.push(...written);
	}
}

/** Operations are written along with whatever they are about. */
function isNote(id: string): Intent | undefined {
	return id.startsWith('operation:') ? { does: 'note' } : undefined;
}

function keepStep(device: ProvedDevice, answer: Answer, deeds: Deeds): void {
	// A process that has died can no longer tell anybody anything.
	if (device.life.isOver || !answer) return;
	if ('step' in answer && answer.step) device.steps.push(answer.step);
	if (!('ok' in answer)) deeds.acknowledged.push(...answer.written);
	else if (answer.ok) deeds.acknowledged.push(answer.id);
}

function hasFailed(answer: SaveResult | BulkResult): boolean {
	return 'ok' in answer ? !answer.ok : answer.failed.length > 0;
}

/** The step that the device's own note names last. */
async function lastStep(
	device: ProvedDevice,
	docs: ReadonlyMap<string, Body>
): Promise<Step | undefined> {
	const note = await device.database
		.get<{ steps: ({ operation: string } | { step: Step })[] }>('_local/outlay-steps')
		.catch(() => undefined);
	const last = note?.steps.at(-1);
	if (!last) return undefined;
	return 'step' in last ? last.step : (docs.get(last.operation) as unknown as Step | undefined);
}
