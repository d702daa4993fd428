import { PASSWORD_MAX, PASSWORD_MIN } from '#contract/account.ts';

// Each says the problem's code of what can be seen to be wrong before anything is sent.

export function emailProblem(email: string): string | undefined {
	return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim()) ? undefined : 'invalid-email';
}

export function passwordProblem(password: string): string | undefined {
	return password === '' ? 'password-missing' : undefined;
}

export function newPasswordProblem(password: string): string | undefined {
	const { length } = [...password];
	return length < PASSWORD_MIN || length > PASSWORD_MAX ? 'weak-password' : undefined;
}
