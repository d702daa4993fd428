import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { NewsKind } from '#service/peers/news.ts';
import { type Call, PeerLine } from '#service/peers/peer-line.ts';

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

const MINUTE_MS = 60_000;

function openLine(call: Call) {
	const away: unknown[] = [];
	const outcomes: string[] = [];
	const asked = vi.fn(call);
	const line = new PeerLine(asked, {
		called: (outcome) => void outcomes.push(outcome),
		away: (error) => void away.push(error)
	});
	return { line, asked, away, outcomes };
}

const heard: Call = async () => 'there';
const failing: Call = async () => Promise.reject(new Error('nobody there'));
const ids = (asked: { mock: { calls: Parameters<Call>[] } }, kind: NewsKind = 'written') =>
	asked.mock.calls.map(([news]) => news[kind]);

test('what happens in one moment is one call, and each thing is told once', async () => {
	const { line, asked } = openLine(heard);
	for (let count = 0; count < 100; count++) line.tell('written', `ledger-${count % 3}`);
	line.tell('ended', 'key');
	expect(asked).not.toHaveBeenCalled();
	await vi.advanceTimersByTimeAsync(MINUTE_MS);
	expect(ids(asked)).toEqual([['ledger-0', 'ledger-1', 'ledger-2']]);
	expect(ids(asked, 'ended')).toEqual([['key']]);
});

test('a burst is a few calls, however long the peer takes for each', async () => {
	const { line, asked } = openLine(async () => {
		await new Promise((resolve) => setTimeout(resolve, 100));
		return 'there';
	});
	for (let count = 0; count < 1_000; count++) {
		line.tell('written', `ledger-${count}`);
		await vi.advanceTimersByTimeAsync(1);
	}
	await vi.advanceTimersByTimeAsync(MINUTE_MS);
	expect(asked.mock.calls.length).toBeLessThanOrEqual(10);
	expect(ids(asked).flat()).toHaveLength(1_000);
});

test('a call carries a thousand ids at most, and the rest goes with the next', async () => {
	const { line, asked } = openLine(heard);
	for (let count = 0; count < 1_500; count++) line.tell('written', `ledger-${count}`);
	await vi.advanceTimersByTimeAsync(MINUTE_MS);
	expect(ids(asked).map(({ length }) => length)).toEqual([1_000, 500]);
});

test('what is kept for a peer that hangs is bounded', async () => {
	const { line, asked } = openLine(() => new Promise(() => {}));
	for (let count = 0; count < 50_000; count++) line.tell('written', `ledger-${count}`);
	await vi.advanceTimersByTimeAsync(MINUTE_MS);
	for (let count = 0; count < 50_000; count++) line.tell('written', `more-${count}`);
	expect(asked).toHaveBeenCalledOnce();
	// One call is on its way; all that waits behind it fits.
	expect(line.waiting).toBe(10_000);
});

test('a call that fails once is made again with what it had', async () => {
	const answers: Call[] = [failing, heard];
	const { line, asked, away } = openLine((news) => (answers.shift() ?? heard)(news));
	line.tell('written', 'ledger');
	await vi.advanceTimersByTimeAsync(MINUTE_MS);
	expect(ids(asked)).toEqual([['ledger'], ['ledger']]);
	expect(away).toEqual([]);
	expect(line.isHeard).toBe(true);
});

test('a peer that is away is left alone, for longer each time, and nothing is kept for it', async () => {
	const { line, asked, away } = openLine(failing);
	for (let second = 0; second < 600; second++) {
		line.tell('written', `ledger-${second}`);
		await vi.advanceTimersByTimeAsync(1_000);
	}
	// At ten seconds a call at most, but for the first few.
	expect(asked.mock.calls.length).toBeLessThan(600 / 5 + 10);
	expect(line.waiting).toBe(0);
	expect(away).toHaveLength(1);
});

test('a peer that is back hears what happens from then on', async () => {
	let isBack = false;
	const { line, asked, outcomes } = openLine((news) => (isBack ? heard : failing)(news));
	line.tell('written', 'before');
	await vi.advanceTimersByTimeAsync(MINUTE_MS);
	isBack = true;
	asked.mockClear();
	line.tell('written', 'after');
	await vi.advanceTimersByTimeAsync(MINUTE_MS);
	expect(ids(asked)).toEqual([['after']]);
	expect(outcomes).toEqual(['failed', 'failed', 'heard']);
});

test('who is there is asked once, and again only of who does not answer', async () => {
	const { line, asked } = openLine(heard);
	for (let count = 0; count < 5; count++) {
		line.greet();
		await vi.advanceTimersByTimeAsync(5_000);
	}
	expect(asked).toHaveBeenCalledOnce();
	expect(line.process).toBe('there');
});

test('the end tells what is left', async () => {
	const { line, asked } = openLine(heard);
	line.tell('written', 'last');
	await line.end();
	expect(ids(asked)).toEqual([['last']]);
	line.tell('written', 'too late');
	await vi.advanceTimersByTimeAsync(MINUTE_MS);
	expect(asked).toHaveBeenCalledOnce();
});
