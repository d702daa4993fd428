import { expect, test } from 'vitest';
import { findPasswordWeakness } from '#service/accounts/password-rules.ts';
import {
	hashPassword,
	HashingBusy,
	isWeakHash,
	verifyPassword
} from '#service/accounts/password.ts';

test('a hash is argon2id at the advised cost, with a salt of its own', async () => {
	const [one, two] = await Promise.all([hashPassword('same words'), hashPassword('same words')]);
	expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
	expect(one).not.toBe(two);
});

test('only the password itself is verified, however its accents are composed', async () => {
	const hash = await hashPassword('caf\u00e9 au lait');
	expect(await verifyPassword(hash, 'cafe\u0301 au lait')).toBe(true);
	expect(await verifyPassword(hash, 'cafe au lait')).toBe(false);
});

test('many at once all come to an end', async () => {
	const hash = await hashPassword('right words');
	const words = Array.from({ length: 12 }, (_, index) =>
		index % 3 ? 'wrong words' : 'right words'
	);
	const verified = await Promise.all(words.map((word) => verifyPassword(hash, word)));
	expect(verified).toEqual(words.map((word) => word === 'right words'));
});

test('who comes when hundreds wait is sent away, and nobody else', async () => {
	const hashes = await Promise.allSettled(
		Array.from({ length: 260 }, () => verifyPassword('$argon2id$broken', 'any'))
	);
	const busy = hashes.filter(
		(one) => one.status === 'rejected' && one.reason instanceof HashingBusy
	);
	expect(busy).toHaveLength(260 - 202);
	expect(await hashPassword('afterwards')).toMatch(/^\$argon2id/);
});

test.each([
	['$argon2id$v=19$m=19456,t=2,p=1$salt$hash', false],
	['$argon2id$v=19$m=65536,t=3,p=4$salt$hash', false],
	['$argon2id$v=19$m=4096,t=2,p=1$salt$hash', true],
	['$argon2id$v=19$m=19456,t=1,p=1$salt$hash', true],
	['$argon2i$v=19$m=19456,t=2,p=1$salt$hash', true],
	['$argon2id$m=19456,t=2,p=1$salt$hash', true],
	['', true]
])('%s is to be made again: %s', (hashed, weak) => {
	expect(isWeakHash(hashed)).toBe(weak);
});

test.each([
	['seven77', /at least 8/],
	['👍👍👍🎈🎈🎈🚲', /at least 8/],
	['x'.repeat(129), /at most 128/],
	['ann.lee@example.org', /your email/],
	['ANN.LEE@example.org', /your email/],
	['ann.lee1985!', /your email/],
	['2026annlee', /your email/],
	['example.org', /your email/],
	['Example123', /your email/],
	['eelnna99', /your email/],
	['gro.elpmaxe', /your email/],
	['Password1', /guessers/],
	['P@ssw0rd', /guessers/],
	['  Password1 ', /guessers/],
	['Summer2026!', /guessers/],
	['iloveyou', /guessers/],
	['geheim123', /guessers/],
	['ababababab', /different characters/],
	['abcabcabc', /Repetitions/],
	['87654321', /guessers/],
	['67890123', /guessers/],
	['45678901234', /Repetitions/],
	['hijklmnop', /guessers/]
])('%s is too weak', (password, sentence) => {
	expect(findPasswordWeakness(password, 'ann.lee@example.org')).toMatch(sentence);
});

test.each([
	'correct horse battery',
	'👍🎈🚲🌍🧀🐌🌙🍋',
	'        a bc',
	'x1'.repeat(60) + 'yzq',
	'ann lee likes cheese',
	'tr0ub4dor&3',
	'vq7hwk2m'
])('%s is fine', (password) => {
	expect(findPasswordWeakness(password, 'ann.lee@example.org')).toBeUndefined();
});
