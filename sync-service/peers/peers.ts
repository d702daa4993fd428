import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pauseFor } from 'node:timers/promises';
import { callPeer, PeerRefused } from '#service/peers/call-peer.ts';
import { NEWS_KINDS, type News, type NewsKind } from '#service/peers/news.ts';
import {
	type FindAddresses,
	findAddresses,
	findPeers,
	type PeerAddress,
	type PeerName
} from '#service/peers/peer-address.ts';
import { PeerLine } from '#service/peers/peer-line.ts';
import { createPeerServer } from '#service/peers/peer-server.ts';

/** Milliseconds between two looks at where the peers are. */
const FIND_MS = 5_000;
/** Milliseconds that what is left to be told may keep a process that ends. */
const PARTING_MS = 1_000;

export interface PeerOptions {
	names: readonly PeerName[];
	port: number;
	/** Absent: on every address. */
	host?: string | undefined;
	secret: string;
	find?: FindAddresses;
	/** Milliseconds between two looks at where the peers are. */
	findMs?: number;
	/** Told once when a peer that answers refuses us, which is worth an operator's look. */
	report?: (error: PeerRefused) => void;
}

export interface PeerCounts {
	/** Other processes that answered last time. */
	known: number;
	heard: number;
	failed: number;
	/** Ledgers that others said were written to. */
	wakes: number;
}

/** The other processes of this service. What they tell makes things faster; nothing depends on it. */
export interface Peers {
	/** Tells all others, when there is time. Never fails. */
	tell(kind: NewsKind, id: string): void;
	/** Who hears what others tell; one listener. */
	onNews(hear: (kind: NewsKind, id: string) => void): void;
	/** Listens, and begins to look for the others. @throws the system's error when it cannot listen */
	begin(): Promise<void>;
	/** Tells what is left, and ends. */
	stop(): Promise<void>;
	counts(): PeerCounts;
}

export function createPeers(options: PeerOptions): Peers {
	const { names, port, host, secret, find = findAddresses, findMs = FIND_MS } = options;
	const id: string = randomUUID();
	const lines = new Map<PeerAddress, PeerLine>();
	const counted = { heard: 0, failed: 0, wakes: 0 };
	let found: Awaited<ReturnType<typeof findPeers>> = new Map();
	let hear: (kind: NewsKind, id: string) => void = () => {};
	let timer: NodeJS.Timeout | undefined;
	let isOver = false;

	const server = createPeerServer({
		secret,
		id,
		hear(news: News) {
			counted.wakes += news.written.length;
			for (const kind of NEWS_KINDS) for (const one of news[kind]) hear(kind, one);
		}
	});

	function openLine(address: PeerAddress): PeerLine {
		return new PeerLine((news) => callPeer(address, secret, { from: id, ...news }), {
			called: (outcome) => void counted[outcome]++,
			away(error) {
				// One that is gone is no news: its address goes with it.
				if (error instanceof PeerRefused) options.report?.(error);
			}
		});
	}

	async function look(): Promise<void> {
		found = await findPeers(names, found, find);
		if (isOver) return;
		const addresses = new Set([...found.values()].flat());
		for (const [address, line] of lines) {
			if (addresses.has(address)) continue;
			lines.delete(address);
			void line.end();
		}
		for (const address of addresses) {
			if (!lines.has(address)) lines.set(address, openLine(address));
		}
		for (const line of lines.values()) line.greet();
	}

	function schedule(): void {
		timer = setTimeout(async () => {
			await look();
			if (!isOver) schedule();
		}, findMs);
		timer.unref();
	}

	/** One for each process that is not this one: a process may have several addresses. */
	function* others(): Generator<PeerLine> {
		const told = new Set([id]);
		for (const line of lines.values()) {
			const { process } = line;
			if (process !== undefined) {
				if (told.has(process) || line.isAway) continue;
				told.add(process);
			}
			yield line;
		}
	}

	return {
		tell(kind, one) {
			for (const line of others()) line.tell(kind, one);
		},
		onNews: (listener) => void (hear = listener),
		async begin() {
			server.listen({ port, host });
			await once(server, 'listening');
			void look();
			schedule();
		},
		async stop() {
			isOver = true;
			clearTimeout(timer);
			const parting = Promise.all([...lines.values()].map((line) => line.end()));
			await Promise.race([parting, pauseFor(PARTING_MS, undefined, { ref: false })]);
			lines.clear();
			server.close();
			server.closeAllConnections();
		},
		counts() {
			return { ...counted, known: [...others()].filter(({ isHeard }) => isHeard).length };
		}
	};
}
