import passwords from '@zxcvbn-ts/language-common/src/passwords.json' with { type: 'json' };

/**
 * What guessers try first: some 49,000 of which 18,000 have 8 and more characters, from
 * `@zxcvbn-ts/language-common` (MIT), which has them from published breaches. What is missing there and likely
 * here is added. All in lower case.
 */
const COMMON: ReadonlySet<string> = new Set([
	...passwords,
	...`outlay expenses money budget geheim passwort schatz doudou motdepasse contraseña contrasena teamo
		teamomucho senha haslo parola wachtwoord changeme mypassword mypass qwertz qwertzui qwertzuiop azertyuiop
		summer winter spring autumn january february september november december`.split(/\s+/)
]);

const LEET: Readonly<Record<string, string>> = {
	'@': 'a',
	$: 's',
	'0': 'o',
	'1': 'i',
	'3': 'e',
	'5': 's'
};

/** The shortest word that a tail makes no better. */
const WORD_MIN = 5;

/**
 * Whether guessers try a password first: in any case, with letters written as digits, with up to five digits or
 * signs behind it ("Summer2026!").
 */
export function isCommon(password: string): boolean {
	const lowered = password.trim().toLowerCase();
	return [lowered, lowered.replace(/[@$0135]/g, (sign) => LEET[sign] ?? sign)].some(isOnList);
}

function isOnList(text: string): boolean {
	if (COMMON.has(text)) return true;
	for (let tail = 1; tail <= 5; tail++) {
		const [word, rest] = [text.slice(0, -tail), text.slice(-tail)];
		if (word.length < WORD_MIN || !/^[\p{N}\p{P}\p{S}]+$/u.test(rest)) return false;
		if (COMMON.has(word)) return true;
	}
	return false;
}
