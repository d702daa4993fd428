import { Credentials, DeviceSessions, Recovery, SignedIn } from '#contract/account.ts';
import type { Operation } from '#service/openapi/operation.ts';

export const SESSION_OPERATIONS: Operation[] = [
	{
		method: 'POST',
		path: '/api/session',
		summary: 'Sign in',
		who: 'anybody',
		body: Credentials,
		answers: { 201: { description: 'Signed in; the session is in a cookie.', schema: SignedIn } },
		problems: ['invalid-email', 'invalid-credentials', 'suspended', 'busy']
	},
	{
		method: 'POST',
		path: '/api/session/recovery',
		summary: 'Sign in with a recovery code and set a new password',
		description: 'Ends all sessions and all app passwords. A code is good once.',
		who: 'anybody',
		body: Recovery,
		answers: { 201: { description: 'Signed in; the session is in a cookie.', schema: SignedIn } },
		problems: ['invalid-email', 'weak-password', 'invalid-code', 'suspended', 'busy']
	},
	{
		method: 'GET',
		path: '/api/session',
		summary: 'Who is signed in, and with which ledger',
		who: 'session-or-app-password',
		answers: { 200: { description: 'Who it is.', schema: SignedIn } }
	},
	{
		method: 'DELETE',
		path: '/api/session',
		summary: 'Sign out',
		who: 'anybody',
		answers: { 204: { description: 'Signed out, or nobody was signed in.' } }
	},
	{
		method: 'GET',
		path: '/api/sessions',
		summary: 'Where the account is signed in',
		who: 'session',
		answers: { 200: { description: 'The session that asks comes first.', schema: DeviceSessions } }
	},
	{
		method: 'DELETE',
		path: '/api/sessions',
		summary: 'Sign out everywhere else',
		who: 'session',
		answers: { 204: { description: 'All other sessions are over.' } }
	},
	{
		method: 'DELETE',
		path: '/api/sessions/{id}',
		summary: 'End one session',
		who: 'session',
		answers: { 204: { description: 'It is over, and so is what it had open.' } },
		problems: ['not-found']
	}
];
