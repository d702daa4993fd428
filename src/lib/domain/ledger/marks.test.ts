import { expect, test } from 'vitest';
import { readTags, tagChanges } from './marks.ts';

test('tags are read with or without their mark, each once', () => {
	expect(readTags(' #holiday, work,,holiday')).toEqual(['holiday', 'work']);
});

test('what makes one list of tags out of another says what is put on and what is taken off', () => {
	expect(tagChanges(['a', 'b'], ['b', 'c'])).toEqual({ '#a': false, '#c': true });
	expect(tagChanges(['a'], ['a'])).toEqual({});
});
