/** One way to break the promise, on purpose: in `file`, `find` (there exactly once) becomes `replace`. */
export interface Mutant {
	name: string;
	/** Below `src/lib`. */
	file: string;
	find: string;
	replace: string;
}

const MERGE = 'domain/merge.ts';
const STATE = 'domain/document-state.ts';
const UNDO = 'domain/undo.ts';
const SETTLER = 'storage/conflict-settler.ts';
const WRITER = 'storage/document-writer.ts';

export const MUTANTS: readonly Mutant[] = [
	{
		name: 'the earlier edit wins',
		file: STATE,
		find: 'return a.stamp > b.stamp ? -1 : 1;',
		replace: 'return a.stamp < b.stamp ? -1 : 1;'
	},
	{
		name: 'stamps are compared by the device alone',
		file: STATE,
		find: 'return a.stamp > b.stamp ? -1 : 1;',
		replace: 'return a.stamp.slice(-10) > b.stamp.slice(-10) ? -1 : 1;'
	},
	{
		name: 'of equal stamps the smaller text wins',
		file: STATE,
		find: 'return left > right ? -1 : left < right ? 1 : 0;',
		replace: 'return left < right ? -1 : left > right ? 1 : 0;'
	},
	{
		name: 'a merge drops a field of the other side',
		file: STATE,
		find: 'versions: [...a.versions, ...b.versions],',
		replace: "versions: [...a.versions, ...b.versions.filter(({ group }) => group !== 'note')],"
	},
	{
		name: 'no history is written',
		file: STATE,
		find: '\tif (past.length > 0) document.history = past.map(toPastValue);',
		replace: ''
	},
	{
		name: 'the history is capped one value early',
		file: STATE,
		find: 'return count <= HISTORY_LENGTH;',
		replace: 'return count < HISTORY_LENGTH;'
	},
	{
		name: 'the order of keys is left to chance',
		file: STATE,
		find: '.sort((a, b) => (a.group < b.group ? -1 : 1));',
		replace: '.sort(() => crypto.getRandomValues(new Uint8Array(1))[0]! - 127.5);'
	},
	{
		name: 'amount and currency are merged apart',
		file: 'domain/field-groups.ts',
		find: "\t\tMONEY_FIELDS,\n\t\t['spentOn', 'spentTime'],",
		replace: "\t\t['spentOn', 'spentTime'],"
	},
	{
		name: 'a late edit revives a stub',
		file: STATE,
		find: 'const isPurged = wasErased && !isRestored(state);',
		replace: 'const isPurged = wasErased && !isRestored(state) && state.versions.length === 0;'
	},
	{
		name: 'a restore no longer outlives a purge',
		file: MERGE,
		find: 'restored: isRestored ? stamp : before.restored',
		replace: 'restored: before.restored'
	},
	{
		name: 'a restore brings nothing along',
		file: MERGE,
		find: '{ ...value, kept: fields }',
		replace: 'value'
	},
	{
		name: 'a restored entry is empty once it is in the trash again',
		file: STATE,
		find: 'const restore = state.versions.find(({ value }) => value.kept !== undefined);',
		replace: "const restore = current.get('deletedAt');"
	},
	{
		name: 'a stub forgets up to when values are gone',
		file: 'domain/purge.ts',
		find: 'erased: { ...state.erased, ...document.stamps },',
		replace: 'erased: { deletedAt: document.stamps.deletedAt! },'
	},
	{
		name: 'of two purges the earlier counts',
		file: STATE,
		find: "if (stamp > (erased[group] ?? '')) erased[group] = stamp;",
		replace: "if (stamp < (erased[group] ?? '~')) erased[group] = stamp;"
	},
	{
		name: 'an overdue stub carries the hour of its device',
		file: 'domain/purge.ts',
		find: 'purged: due <= now.toISOString() ? due : now.toISOString()',
		replace: 'purged: now.toISOString()'
	},
	{
		name: 'what is not in the trash is purged',
		file: 'storage/pouch-ledger-repository.ts',
		find: '\t\t\tconst { deletedAt } = document;\n\t\t\tif (deletedAt === null ||',
		replace: '\t\t\tconst deletedAt = document.deletedAt ?? now.toISOString();\n\t\t\tif ('
	},
	{
		name: 'what is not overdue is purged as overdue',
		file: 'storage/pouch-ledger-repository.ts',
		find: "(which === 'overdue' && deletedAt > since)",
		replace: "(which === 'overdue' && deletedAt < since)"
	},
	{
		name: 'undo does not look at stamps',
		file: UNDO,
		find: 'return wrote.has(version.stamp) || (version.origin !== undefined && wrote.has(version.origin));',
		replace: 'return wrote.size > 0;'
	},
	{
		name: 'undo puts the first value back, not the one before',
		file: UNDO,
		find: '.sort((a, b) => (at(a) > at(b) ? -1 : 1))[0];',
		replace: '.sort((a, b) => (at(a) > at(b) ? 1 : -1))[0];'
	},
	{
		name: 'undo throws away what was edited since',
		file: UNDO,
		find: "if (!isUnchanged) return { state: 'changed-since' };",
		replace: ''
	},
	{
		name: 'losing revisions are not removed',
		file: SETTLER,
		find: '_deleted: true }',
		replace: '_deleted: false }'
	},
	{
		name: 'the revision that the database shows is taken as the merge',
		file: SETTLER,
		find: 'if (!saysTheSame(merged, documents[0] as AnyDocument)) await database.put(merged);',
		replace: 'void saysTheSame(merged, merged);'
	},
	{
		name: 'losing revisions are removed before the merge is written',
		file: SETTLER,
		find: '\t\tif (!saysTheSame(merged, documents[0] as AnyDocument)) await database.put(merged);\n\t\tawait database.bulkDocs(\n\t\t\tothers.map(({ _rev }) => ({ _id: id, _rev, _deleted: true }) as StoredDocument)\n\t\t);',
		replace:
			'\t\tawait database.bulkDocs(\n\t\t\tothers.map(({ _rev }) => ({ _id: id, _rev, _deleted: true }) as StoredDocument)\n\t\t);\n\t\tif (!saysTheSame(merged, documents[0] as AnyDocument)) await database.put(merged);'
	},
	{
		name: 'an edit may be earlier than what it was made on',
		file: WRITER,
		find: '\t\tfor (const stamp of Object.values(document.stamps)) this.#clock.observe(stamp);',
		replace: '\t\tvoid document;'
	},
	{
		name: 'a write that failed is called saved',
		file: WRITER,
		find: '\t\t\treturn documents.map(() => toProblem(error));',
		replace: '\t\t\treturn documents.map(() => void toProblem(error));'
	},
	{
		name: 'a bulk edit is made known only to its own device',
		file: 'storage/pouch-ledger-repository.ts',
		find: '\t\tconst recorded = await this.#writer.create(document);',
		replace: '\t\tconst recorded = { ok: Boolean(document), problem: undefined as never };'
	}
];
