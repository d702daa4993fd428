import { expect, test } from 'vitest';
import { redact } from '#service/log/redact.ts';

test.each([
	['the store answered 503', 'the store answered 503'],
	['connect ECONNREFUSED 127.0.0.1:5984', 'connect ECONNREFUSED 127.0.0.1:5984'],
	['getaddrinfo ENOTFOUND couch.example.org', 'getaddrinfo ENOTFOUND couch.example.org'],
	[
		"The store answered 500 to a device's request.",
		"The store answered 500 to a device's request."
	],
	[
		'Failed to parse URL from http://admin:s3cret@couch.example.org:5984/ledger-1/_changes?since=4',
		'Failed to parse URL from http://couch.example.org:5984'
	],
	['to https://admin:s3/cr@et@couch.example.org/', 'to https://couch.example.org'],
	[
		`Unexpected token 'x', "{"note":"rent"}" is not valid JSON`,
		'Unexpected token … is not valid JSON'
	],
	["Cannot create property 'a' on string 'it's mine'", 'Cannot create property …'],
	['reading "a note that was cut', 'reading …'],
	['no account ann@example.org here', 'no account … here'],
	['sent Basic YW5uOnNlY3JldA== along', 'sent Basic … along'],
	['no database ledger-0123456789abcdef0123456789abcdef', 'no database …'],
	['x '.repeat(1000), `${'x '.repeat(150)}…`]
])('%s', (text, left) => {
	expect(redact(text)).toBe(left);
});
