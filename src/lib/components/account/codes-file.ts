import * as m from '#messages';

/** The text of the file in which somebody keeps recovery codes. */
export function codesFile(email: string, codes: readonly string[], made: Date): string {
	return [
		m.account_codes_for({ email }),
		m.account_codes_made_on({ day: made.toISOString().slice(0, 10) }),
		'',
		m.account_codes_each_opens(),
		m.account_codes_keep(),
		'',
		...codes,
		''
	].join('\n');
}
