import { expect, test } from 'vitest';
import { connect, type CallPort } from './calls.ts';

/** Both ends of one channel, in one process. */
function pair<Left extends object, Right extends object>(left: Left, right: Right) {
	const { port1, port2 } = new MessageChannel();
	for (const port of [port1, port2]) port.start();
	return {
		right: connect<Right>(port1 as CallPort, left),
		left: connect<Left>(port2 as CallPort, right),
		close: () => port1.close()
	};
}

test('each end calls the other, and gets what it answers', async () => {
	const { left, right, close } = pair(
		{ double: async (number: number) => number * 2 },
		{ greet: async (name: string) => `Hello ${name}` }
	);
	expect(await right.greet('Ada')).toBe('Hello Ada');
	expect(await left.double(21)).toBe(42);
	close();
});

test('calls arrive in the order in which they were made', async () => {
	const seen: number[] = [];
	const { left, close } = pair({ take: async (number: number) => void seen.push(number) }, {});
	await Promise.all([1, 2, 3, 4].map((number) => left.take(number)));
	expect(seen).toEqual([1, 2, 3, 4]);
	close();
});

test('what a method throws is thrown at its caller, and the next call is answered', async () => {
	const { left, close } = pair(
		{
			fail: async () => {
				throw new Error('No room');
			},
			work: async () => 'done'
		},
		{}
	);
	await expect(left.fail()).rejects.toThrow('No room');
	expect(await left.work()).toBe('done');
	close();
});

test('only what was offered can be called, and only what can be cloned is sent', async () => {
	const { left, close } = pair({ take: async (value: unknown) => value }, {});
	await expect((left as unknown as { toString(): unknown }).toString()).rejects.toThrow(
		'There is no method toString'
	);
	await expect(left.take(() => {})).rejects.toThrow();
	expect(await left.take(new Uint8Array([1, 2]))).toEqual(new Uint8Array([1, 2]));
	close();
});
