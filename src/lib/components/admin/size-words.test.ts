import { expect, test } from 'vitest';
import {
	fromMegabytes,
	quotaWords,
	sizeWords,
	toCount,
	toMegabytes,
	usageWords
} from './size-words.ts';

test('sizes are told in the unit in which they are read', () => {
	expect(sizeWords(2_345_678)).toMatch(/^2\.3 MB$/);
	expect(sizeWords(1_500_000_000)).toMatch(/^1\.5 GB$/);
	expect(usageWords({ usage: { documents: 1, bytes: 0 } })).toBe('1 document, 0 MB');
	expect(usageWords({})).toBe('Size unknown');
});

test('a quota of its own is told, and that there is none', () => {
	expect(quotaWords({ quota: { documents: null, bytes: null } })).toBe('As much as everybody');
	expect(quotaWords({ quota: { documents: 5000, bytes: null } })).toBe('Up to 5,000 documents');
	expect(quotaWords({ quota: { documents: 5000, bytes: 20_000_000 } })).toBe(
		'Up to 5,000 documents, 20 MB'
	);
});

test.each([
	['', null],
	[' 12 ', 12_000_000],
	['0.5', 500_000],
	['12 MB', undefined],
	['-1', undefined],
	['1e3', undefined]
])('"%s" megabytes are %s bytes', (typed, bytes) => {
	expect(fromMegabytes(typed)).toBe(bytes);
});

test('what is stored is shown so that it is stored the same again', () => {
	expect(fromMegabytes(toMegabytes(1_234_567))).toBe(1_234_567);
	expect(toMegabytes(null)).toBe('');
	expect(toCount('200000')).toBe(200_000);
	expect(toCount('2.5')).toBeUndefined();
});
