import { expect, test } from 'vitest';
import { findPasswordWeakness } from '#service/accounts/password-rules.ts';
import { hashPassword, verifyPassword } from '#service/accounts/password.ts';

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

test.each([
	['seven77', /at least 8/],
	['x'.repeat(129), /at most 128/],
	['ann@example.org', /not your email/],
	['ANN@example.org', /not your email/],
	['Password1', /guessers/],
	['iloveyou', /guessers/],
	['ababababab', /different characters/]
])('%s is too weak', (password, sentence) => {
	expect(findPasswordWeakness(password, 'ann@example.org')).toMatch(sentence);
});

test.each(['correct horse battery', '👍🎈🚲🌍🧀🐌🌙🍋', '        a bc', 'x1'.repeat(60) + 'yz'])(
	'%s is fine',
	(password) => {
		expect(findPasswordWeakness(password, 'ann@example.org')).toBeUndefined();
	}
);
