import {
	Confirmation,
	EmailChange,
	PasswordChange,
	RecoveryCodes,
	RecoveryCodesLeft,
	SignedIn,
	SignedUp,
	SignUp,
	SignUpState
} from '#contract/account.ts';
import type { Operation } from '#service/openapi/operation.ts';

export const ACCOUNT_OPERATIONS: Operation[] = [
	{
		method: 'GET',
		path: '/api/sign-up',
		summary: 'Who may sign up',
		who: 'anybody',
		answers: {
			200: { description: 'Everybody, whoever has an invitation, or nobody.', schema: SignUpState }
		}
	},
	{
		method: 'POST',
		path: '/api/account',
		summary: 'Sign up',
		description:
			'Makes an account with its ledger and signs in. The recovery codes are told this once.',
		who: 'anybody',
		body: SignUp,
		answers: { 201: { description: 'Signed up; the session is in a cookie.', schema: SignedUp } },
		problems: [
			'invalid-email',
			'weak-password',
			'sign-up-closed',
			'invalid-invite',
			'email-taken',
			'sign-up-full',
			'busy'
		]
	},
	{
		method: 'PUT',
		path: '/api/account/password',
		summary: 'Change the password',
		description: 'Ends all other sessions. App passwords stay.',
		who: 'session',
		body: PasswordChange,
		answers: { 204: { description: 'Changed; a new session is in a cookie.' } },
		problems: ['weak-password', 'wrong-password', 'busy']
	},
	{
		method: 'PUT',
		path: '/api/account/email',
		summary: 'Change the email',
		who: 'session',
		body: EmailChange,
		answers: { 200: { description: 'Changed.', schema: SignedIn } },
		problems: ['invalid-email', 'wrong-password', 'email-taken', 'busy']
	},
	{
		method: 'DELETE',
		path: '/api/account',
		summary: 'Leave',
		description: 'Removes the account, its sessions, its app passwords and its ledger.',
		who: 'session',
		body: Confirmation,
		answers: { 204: { description: 'Gone.' } },
		problems: ['wrong-password', 'busy']
	},
	{
		method: 'GET',
		path: '/api/recovery-codes',
		summary: 'How many recovery codes are left',
		who: 'session',
		answers: { 200: { description: 'How many were not used.', schema: RecoveryCodesLeft } }
	},
	{
		method: 'POST',
		path: '/api/recovery-codes',
		summary: 'Make new recovery codes',
		description: 'The old ones are void. The new ones are told this once.',
		who: 'session',
		body: Confirmation,
		answers: { 201: { description: 'Made.', schema: RecoveryCodes } },
		problems: ['wrong-password', 'busy']
	}
];
