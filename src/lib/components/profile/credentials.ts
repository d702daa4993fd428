import { PASSWORD_MAX, PASSWORD_MIN } from '#contract/account.ts';

/** The problem code of what can be seen to be wrong before anything is sent. */
export function credentialsProblem(
	purpose: 'sign-up' | 'sign-in',
	email: string,
	password: string
): string | undefined {
	if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim())) return 'invalid-email';
	if (password.length === 0) return purpose === 'sign-up' ? 'weak-password' : 'password-missing';
	if (purpose === 'sign-in') return undefined;
	return password.length < PASSWORD_MIN || password.length > PASSWORD_MAX
		? 'weak-password'
		: undefined;
}

/** The field beside which a problem belongs; none when it is about neither. */
export function fieldOf(problem: string): 'email' | 'password' | undefined {
	switch (problem) {
		case 'invalid-email':
		case 'email-taken':
			return 'email';
		case 'weak-password':
		case 'password-missing':
		case 'invalid-credentials':
			return 'password';
		default:
			return undefined;
	}
}
