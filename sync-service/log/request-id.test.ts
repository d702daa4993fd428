import { setTimeout as pauseFor } from 'node:timers/promises';
import { expect, test } from 'vitest';
import {
	isRequestId,
	makeRequestId,
	onNobodysBehalf,
	toRequestIdHeader,
	withRequestId
} from '#service/log/request-id.ts';

test('what follows from a request knows its id, and what goes on for everybody none', async () => {
	const seen = await Promise.all(
		['request-1', 'request-2'].map((id) =>
			withRequestId(id, async () => {
				await pauseFor(1);
				const forAll = await onNobodysBehalf(async () => {
					await pauseFor(1);
					return toRequestIdHeader();
				});
				return [toRequestIdHeader(), forAll];
			})
		)
	);
	expect(seen).toEqual([
		[{ 'x-request-id': 'request-1' }, {}],
		[{ 'x-request-id': 'request-2' }, {}]
	]);
	expect(toRequestIdHeader()).toEqual({});
});

test('our own ids are ids', () => {
	const ids = Array.from({ length: 100 }, makeRequestId);
	expect(ids.every(isRequestId)).toBe(true);
	expect(new Set(ids).size).toBe(100);
	expect([undefined, ['request-1', 'request-2'], 'short', '-dashes-first'].some(isRequestId)).toBe(
		false
	);
});
