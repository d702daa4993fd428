import { expect, test } from 'vitest';
import { ByteGate, type Leave } from '#service/replication/byte-gate.ts';

const LIMITS = { mostBytes: 10, mostBytesOfOne: 6, waitMs: 60_000, mostWaiting: 3 };
const here = new AbortController().signal;

function require(leave: Leave | undefined): Leave {
	if (leave === undefined) throw new Error('There was no room.');
	return leave;
}

test('what fits goes in at once, the rest in its order when somebody leaves', async () => {
	const gate = new ByteGate(LIMITS);
	const first = require(await gate.enter('a', 6, here));
	const order: string[] = [];
	const second = gate.enter('b', 6, here).then((leave) => (order.push('b'), require(leave)));
	const third = gate.enter('c', 2, here).then((leave) => (order.push('c'), require(leave)));
	expect(gate.bytes).toBe(6);
	first();
	(await second)();
	(await third)();
	expect(order).toEqual(['b', 'c']);
	expect(gate.bytes).toBe(0);
});

test('who has all that one may have waits without holding up the others', async () => {
	const gate = new ByteGate(LIMITS);
	const leave = require(await gate.enter('a', 4, here));
	const own = gate.enter('a', 4, here);
	const other = require(await gate.enter('b', 4, here));
	expect(gate.bytes).toBe(8);
	leave();
	require(await own)();
	other();
	expect(gate.bytes).toBe(0);
});

test('nobody waits for ever, in an endless queue, or after they have gone', async () => {
	const gate = new ByteGate({ ...LIMITS, waitMs: 1, mostWaiting: 2 });
	const leave = require(await gate.enter('a', 6, here));
	const leaving = new AbortController();
	const [late, gone] = [gate.enter('b', 6, here), gate.enter('c', 6, leaving.signal)];
	expect(await gate.enter('d', 6, here)).toBeUndefined();
	leaving.abort();
	expect([await late, await gone]).toEqual([undefined, undefined]);
	expect(gate.bytes).toBe(6);
	leave();
	require(await gate.enter('e', 6, here))();
});
