/** The text of the file in which somebody keeps recovery codes. */
export function codesFile(email: string, codes: readonly string[], made: Date): string {
	return [
		`Outlay recovery codes for ${email}`,
		`made on ${made.toISOString().slice(0, 10)}; codes made before are void.`,
		'',
		'Each opens the profile once, without its password, at "Forgot the password?".',
		'Whoever has one can do it: keep them where nobody else looks.',
		'',
		...codes,
		''
	].join('\n');
}
