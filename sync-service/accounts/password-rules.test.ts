import { expect, test } from 'vitest';
import { findPasswordWeakness } from '#service/accounts/password-rules.ts';

const EMAIL = 'ann.miller1980@small-village.example';

test.each([
	['eight characters', 'kq7zvw2m'],
	['128 of them', 'kq7zvw2m'.repeat(2) + 'correct horse battery '.repeat(5) + 'ab'],
	['characters that are no letters', '🦊🐻🦉 🌲🌧️🍂'],
	['small letters alone', 'ourgardenhasfrogs'],
	['digits alone', '8203716495'],
	['spaces at the ends', '  frogs sing '],
	['the email with words of one’s own', 'ann.miller and the frogs']
])('%s will do', (_what, password) => {
	expect([...password].length).toBeLessThanOrEqual(128);
	expect(findPasswordWeakness(password, EMAIL)).toBeUndefined();
});

test.each([
	['seven characters', 'kq7zvw2', 'at least 8'],
	['four that are eight code units', '🦊🐻🦉🌲', 'at least 8'],
	['129 characters', `${'correct horse battery '.repeat(5)}kq7zvw2m-kq7zvw2m-x`, 'at most 128'],
	['one of the list', 'iloveyou1', 'guessers'],
	['one of the list in capitals', 'ILoveYou1', 'guessers'],
	['the email', EMAIL, 'email'],
	['the email in capitals', EMAIL.toUpperCase(), 'email'],
	['what is before its @', 'ann.miller1980', 'email'],
	['that with other digits', '7annmiller2026', 'email'],
	['that backwards', 'rellim.nna', 'email'],
	['the domain', 'small-village.example', 'email'],
	['the domain’s name', 'SmallVillage1', 'email']
])('%s will not', (_what, password, hint) => {
	expect(findPasswordWeakness(password, EMAIL)).toContain(hint);
});
