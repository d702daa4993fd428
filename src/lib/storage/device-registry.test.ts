import { expect, test } from 'vitest';
import {
	currentLedger,
	outOfDemonstration,
	withoutLedger,
	type DeviceRecord,
	type LocalLedger
} from './device-registry.ts';

const ledger = (name: string, more: Partial<LocalLedger> = {}): LocalLedger => ({
	name,
	ledgerId: null,
	email: null,
	...more
});
const device = (current: string, ...ledgers: LocalLedger[]): DeviceRecord => ({
	deviceId: '0123456789',
	current,
	ledgers
});
const demonstration = ledger('demo', { demonstration: 'mine' });

test('out of a demonstration there is always a ledger of one’s own', () => {
	const leave = (record: DeviceRecord) => currentLedger(outOfDemonstration(record));
	const mine = ledger('mine', { ledgerId: '1', email: 'ann@example.org' });
	expect(leave(device('demo', ledger('other'), mine, demonstration))).toEqual(mine);
	expect(leave(device('demo', demonstration, ledger('other'))).name).toBe('other');
	const made = leave(device('demo', demonstration));
	expect(made).toMatchObject({ ledgerId: null });
	expect(made.demonstration).toBeUndefined();
	const own = device('mine', demonstration, mine);
	expect(outOfDemonstration(own)).toBe(own);
});

test('a demonstration never takes the place of a ledger that is removed', () => {
	const mine = ledger('mine', { ledgerId: '1' });
	const left = currentLedger(withoutLedger(device('mine', demonstration, mine), 'mine'));
	expect(left.demonstration).toBeUndefined();
	expect(left.name).not.toBe('mine');
	const free = currentLedger(
		withoutLedger(device('mine', demonstration, mine, ledger('free')), 'mine')
	);
	expect(free.name).toBe('free');
});
