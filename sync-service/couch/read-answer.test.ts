import { expect, test } from 'vitest';
import { StoreUnavailable } from '#service/couch/client.ts';
import { readAnswer, readBytes } from './read-answer.ts';

/** An answer that ends in the middle, as when the store is killed. */
function brokenOff(): Response {
	let isBegun = false;
	return new Response(
		new ReadableStream({
			pull(controller) {
				if (isBegun) return controller.error(new TypeError('terminated'));
				isBegun = true;
				controller.enqueue(new TextEncoder().encode('{"ok":'));
			}
		})
	);
}

test('an answer that breaks off is a store that is away, as bytes and as JSON', async () => {
	await expect(readBytes(brokenOff())).rejects.toBeInstanceOf(StoreUnavailable);
	await expect(readAnswer(brokenOff())).rejects.toBeInstanceOf(StoreUnavailable);
});

test('a whole one is what it says', async () => {
	expect(await readAnswer(Response.json({ ok: true }))).toEqual({ ok: true });
	expect(Buffer.from(await readBytes(new Response('{}'))).toString()).toBe('{}');
});
