import type { LocalDatabase } from '#lib/storage/open-database.ts';
import { read, textOf, type Fields } from './fields.ts';
import type { Findings, Kind } from './findings.ts';
import { historyOf, type Model } from './model.ts';
import type { Body, World } from './world.ts';

/** Holds what stands everywhere, once nothing moves, against the model. */
export async function inspect(world: World, model: Model, findings: Findings): Promise<void> {
	const [onServer, ...onDevices] = await Promise.all(world.databases().map(readLeaves));
	if (!onServer) return;
	for (const [index, leaves] of [onServer, ...onDevices].entries()) {
		const where = index === 0 ? 'the server' : (world.devices[index - 1]?.id ?? '');
		for (const id of model.ids()) {
			const complain = (kind: Kind, reason: string): void =>
				findings.add(kind, id, `On ${where}: ${reason}`);
			const [body, ...others] = leaves.get(id) ?? [];
			if (others.length > 0) complain('doubled', `${others.length + 1} revisions stand`);
			if (!body) {
				complain('lost', 'it is not there');
				continue;
			}
			const serverBody = onServer.get(id)?.[0] ?? body;
			// Every revision and every byte, the order of the keys too. What is the same is judged once.
			const isTheSame = JSON.stringify(body) === JSON.stringify(serverBody);
			if (!isTheSame) complain('broken', `${body._rev}, on the server ${serverBody._rev}`);
			if (!isTheSame || index === 0) compare(body, id, model, complain);
		}
		for (const id of leaves.keys()) {
			if (!model.knows(id)) findings.add('doubled', id, `On ${where}, and nobody made it`);
		}
		compareTotals([...leaves.values()].flat(), model, where, findings);
	}
}

function compare(
	body: Body,
	id: string,
	model: Model,
	complain: (kind: Kind, reason: string) => void
): void {
	const expected = model.expect(id);
	const stored = read(body);
	if ((stored.purged !== undefined) !== (expected.state === 'purged')) {
		return complain('lost', `it is ${stored.purged ?? 'no stub'}, and should be ${expected.state}`);
	}
	const history = historyOf(stored);
	const missing = expected.history.filter((past) => !history.includes(past));
	if (missing.length > 0) complain('lost', `the history lacks ${missing.join('; ')}`);
	const surplus = history.filter((past) => !expected.history.includes(past));
	if (surplus.length > 0) complain('broken', `the history also has ${surplus.join('; ')}`);
	if (new Set(history).size !== history.length) complain('doubled', 'a past value is there twice');
	if (textOf(stored.stamps) !== textOf(expected.stamps)) {
		complain('broken', `stamps ${textOf(stored.stamps)}, not ${textOf(expected.stamps)}`);
	}
	if (expected.state === 'purged') {
		if (Object.keys(stored.facts).length > 0) complain('broken', 'a stub has fields');
		return;
	}
	if (textOf(stored.facts) !== textOf(expected.facts)) {
		complain('lost', `it is ${textOf(stored.facts)} and should be ${textOf(expected.facts)}`);
	}
	if (stored.restored !== expected.restored) {
		complain('broken', `restored ${stored.restored}, not ${expected.restored}`);
	}
}

function compareTotals(bodies: Body[], model: Model, where: string, findings: Findings): void {
	const expected = model.ids().flatMap((id): Fields[] => {
		const document = model.expect(id);
		const isEntry = id.startsWith('transaction:') && document.state === 'stands';
		return isEntry ? [document.facts] : [];
	});
	const stored = bodies.filter(({ type, purged }) => type === 'transaction' && !purged);
	const [is, should] = [textOf(totalsOf(stored)), textOf(totalsOf(expected))];
	if (is !== should) findings.add('broken', 'totals', `On ${where}: ${is}, should be ${should}`);
}

/** The sum of what is not in the trash, by currency. */
function totalsOf(entries: readonly Fields[]): Record<string, number> {
	const totals: Record<string, number> = {};
	for (const { deletedAt, amountMinor, currency } of entries) {
		if (deletedAt !== null) continue;
		totals[String(currency)] = (totals[String(currency)] ?? 0) + Number(amountMinor);
	}
	return totals;
}

/** All revisions that are not deleted, by document, the one that the database shows first. */
async function readLeaves(database: LocalDatabase): Promise<Map<string, Body[]>> {
	const { rows } = await database.allDocs({ include_docs: true, conflicts: true });
	const leaves = new Map<string, Body[]>();
	for (const row of rows) {
		if (!('doc' in row) || !row.doc) continue;
		const { _conflicts = [], ...shown } = row.doc as unknown as Body & { _conflicts?: string[] };
		const others = _conflicts.map((rev) => database.get(row.id, { rev }) as Promise<Body>);
		leaves.set(row.id, [shown as Body, ...(await Promise.all(others))]);
	}
	return leaves;
}
