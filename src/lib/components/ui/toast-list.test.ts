import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { toasts } from './toast-list.svelte.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
	toasts.dismiss();
	vi.useRealTimers();
});

test('news goes by itself, later where there is something to press', () => {
	toasts.show('Saved');
	vi.advanceTimersByTime(5_001);
	expect(toasts.current).toBeUndefined();
	toasts.show('Saved', { label: 'Undo', run: () => {} });
	vi.advanceTimersByTime(5_001);
	expect(toasts.current?.text).toBe('Saved');
});

test('what takes long is said until it is over, whoever points at it meanwhile', async () => {
	const { promise, resolve } = Promise.withResolvers<number>();
	const done = toasts.during(promise, 'Taking it back…');
	expect(toasts.current).toBeUndefined();
	vi.advanceTimersByTime(1_001);
	expect(toasts.current?.text).toBe('Taking it back…');
	toasts.pause();
	toasts.resume();
	vi.advanceTimersByTime(60_000);
	expect(toasts.current?.text).toBe('Taking it back…');
	resolve(7);
	expect(await done).toBe(7);
	expect(toasts.current).toBeUndefined();
});

test('what is quick is not spoken of, and newer news stays', async () => {
	await toasts.during(Promise.resolve(), 'Taking it back…');
	vi.advanceTimersByTime(1_001);
	expect(toasts.current).toBeUndefined();
	const { promise, reject } = Promise.withResolvers<undefined>();
	const failed = toasts.during(promise, 'Taking it back…').catch(() => 'failed');
	vi.advanceTimersByTime(1_001);
	toasts.show('Saved');
	reject(new Error());
	expect(await failed).toBe('failed');
	expect(toasts.current?.text).toBe('Saved');
	vi.advanceTimersByTime(5_001);
	expect(toasts.current).toBeUndefined();
});
