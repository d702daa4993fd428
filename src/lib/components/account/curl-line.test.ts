import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { curlLine } from './curl-line.ts';

test('a shell takes the line as it is meant, whatever is in the email', () => {
	const line = curlLine('https://outlay.example', "o'neil+$HOME@example.org", 'abc-123');
	const words = execFileSync('sh', ['-c', `set -- ${line}; printf '%s\\n' "$@"`], {
		encoding: 'utf8'
	});
	expect(words.trimEnd().split('\n')).toEqual([
		'curl',
		'-u',
		"o'neil+$HOME@example.org:abc-123",
		'https://outlay.example/api/export'
	]);
});
