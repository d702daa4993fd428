import { expect, test } from 'vitest';
import {
	changeRow,
	countDatabases,
	findRow,
	keepWriting,
	move,
	readLeaves,
	startPlaced,
	sweepLater,
	without
} from '#tests/service/moves.ts';
import { PASSWORD, pushDocuments, signIn, signUp, toRevision } from '#tests/service/people.ts';

test('a write that reaches the old database late is not acknowledged, or is carried over', async () => {
	const service = await startPlaced();
	const other = await startPlaced({ beside: service });
	const ann = await signUp(service.url);
	const slow = await signIn(other.url, ann.email);
	await pushDocuments(slow, toRevision('before'));
	// The process has decided to write there, and stands still for a while.
	const standing: PromiseWithResolvers<void> = Promise.withResolvers();
	const { client } = other.store;
	const { request } = client;
	client.request = async (method, path, options) => {
		if (path.endsWith('/_bulk_docs')) await standing.promise;
		return request(method, path, options);
	};
	const late = slow.post('_bulk_docs', { docs: [toRevision('late')], new_edits: false });
	const answers: number[] = [];
	const moved = await move(service, ann.ledgerId, 'second', {
		say: (progress) => {
			if (!progress.startsWith('waiting until nobody')) return;
			// The ledger is elsewhere by now, and the old database not removed yet.
			standing.resolve();
			void late.then(({ status }) => answers.push(status));
		}
	});
	expect(moved).toMatchObject({ ok: true });
	expect((await late).status).toBe(503);
	const ids = (await readLeaves(service, ann.ledgerId)).map(({ _id }) => _id);
	// Nobody was told that it is there, and yet it is.
	expect(ids).toEqual(['before', 'late']);
	expect(answers).toEqual([503]);
});

test('what is written to the row meanwhile stays', async () => {
	const service = await startPlaced();
	const ann = await signUp(service.url);
	await pushDocuments(ann, toRevision('a'));
	const quotas = [1_000, 2_000, 3_000];
	const moved = await move(service, ann.ledgerId, 'second', {
		say: () => {
			const documents = quotas.shift();
			if (documents === undefined) return;
			const quota = { documents, bytes: null };
			void changeRow(service, ann.ledgerId, { quota }).catch(() => quotas.unshift(documents));
		}
	});
	expect(moved).toMatchObject({ ok: true });
	expect((await findRow(service, ann.ledgerId))?.quota?.documents).toBeGreaterThan(0);
});

test('two moves of one ledger at once bring it to one place', async () => {
	const service = await startPlaced({ further: [{ name: 'second' }, { name: 'third' }] });
	const ann = await signUp(service.url);
	const writer = keepWriting(ann, 'a');
	const same = await Promise.all([
		move(service, ann.ledgerId, 'second'),
		move(service, ann.ledgerId, 'second')
	]);
	expect(same).toMatchObject([{ ok: true }, { ok: true }]);
	const apart = await Promise.all([
		move(service, ann.ledgerId, 'third'),
		move(service, ann.ledgerId, 'primary')
	]);
	expect(apart.some(({ ok }) => ok)).toBe(true);
	await writer.stop();
	const ids = (await readLeaves(service, ann.ledgerId)).map(({ _id }) => _id);
	expect(without(writer.acknowledged, new Set(ids))).toEqual([]);
	const { placement } = (await findRow(service, ann.ledgerId))!;
	expect(await move(service, ann.ledgerId, placement)).toMatchObject({ what: 'there-already' });
	await sweepLater(service);
	expect((await countDatabases(service)).reduce((sum, one) => sum + one)).toBe(1);
});

test('an account that is removed meanwhile takes all its databases with it', async () => {
	const service = await startPlaced();
	for (const step of ['writes are held', 'waiting until']) {
		const ann = await signUp(service.url);
		await pushDocuments(ann, toRevision('a'));
		let removing: Promise<unknown> | undefined;
		const moved = await move(service, ann.ledgerId, 'second', {
			say: (progress) => {
				if (!progress.startsWith(step)) return;
				removing ??= ann.ask('DELETE', '/api/account', { password: PASSWORD });
			}
		});
		await removing;
		if (!moved.ok) expect([step, moved.problem]).toEqual([step, 'gone']);
		await expect.poll(() => countDatabases(service)).toEqual([0, 0]);
		expect(await findRow(service, ann.ledgerId)).toBeUndefined();
	}
});
