import { expect, test, vi } from 'vitest';
import { createEndings } from '#service/accounts/endings.ts';
import type { LedgerStore } from '#service/ledgers/ledger-store.ts';
import { joinPeers } from '#service/peers/join-peers.ts';
import type { NewsKind } from '#service/peers/news.ts';

function join() {
	const told: string[] = [];
	const done: string[] = [];
	let hear: (kind: NewsKind, id: string) => void = () => {};
	const peers = {
		tell: (kind: NewsKind, id: string) => void told.push(`${kind} ${id}`),
		onNews: (listener: typeof hear) => void (hear = listener)
	};
	const endings = createEndings();
	endings.onCredentialEnd((key) => void done.push(`ended ${key}`));
	endings.onAccountRecheck((id) => void done.push(`recheck ${id}`));
	const ledgers: LedgerStore = {
		find: vi.fn(),
		findOwn: vi.fn(),
		findToWrite: vi.fn(),
		mayAcknowledge: vi.fn(),
		forget: (id) => void done.push(`forget ${id}`)
	};
	const parked = { wake: (id: string) => void done.push(`written ${id}`) };
	const joined = joinPeers(peers, { endings, ledgers, parked });
	return { joined, endings, told, done, hear: (kind: NewsKind, id: string) => hear(kind, id) };
}

const ALL = ['written a', 'forget b', 'ended c', 'recheck d'];

test('what happens here is told', () => {
	const { joined, endings, told, done } = join();
	joined.written('a');
	joined.ledgers.forget('b');
	endings.endCredential('c');
	endings.recheckAccount('d');
	expect(told).toEqual(ALL);
	expect(done).toEqual(ALL);
});

test('what happened elsewhere is done, and told to nobody, by whichever way it was heard of', () => {
	const { endings, told, done, hear } = join();
	hear('written', 'a');
	hear('forget', 'b');
	hear('ended', 'c');
	hear('recheck', 'd');
	endings.endCredential('c', 'elsewhere');
	expect(done).toEqual([...ALL, 'ended c']);
	expect(told).toEqual([]);
});
