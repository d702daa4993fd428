import { AppPasswordBody, AppPasswords, NewAppPassword } from '#contract/app-password.ts';
import { LedgerExport } from '#contract/export.ts';
import type { Operation } from '#service/openapi/operation.ts';

/** What lets programs at one's ledger, and all of it at once. */
export const LEDGER_OPERATIONS: Operation[] = [
	{
		method: 'GET',
		path: '/api/app-passwords',
		summary: 'The app passwords of the account, without their secrets',
		who: 'session',
		answers: { 200: { description: 'The newest first.', schema: AppPasswords } }
	},
	{
		method: 'POST',
		path: '/api/app-passwords',
		summary: 'Make an app password',
		description: 'The password is told this once. An account has at most fifty.',
		who: 'session',
		body: AppPasswordBody,
		answers: { 201: { description: 'Made.', schema: NewAppPassword } },
		problems: ['too-many-app-passwords']
	},
	{
		method: 'DELETE',
		path: '/api/app-passwords/{id}',
		summary: 'Revoke an app password',
		who: 'session',
		answers: { 204: { description: 'It is over, and so is what it had open.' } },
		problems: ['not-found']
	},
	{
		method: 'GET',
		path: '/api/export',
		summary: 'Everything in the ledger, as it is stored',
		description:
			'Streamed, one document to a line. An answer that breaks off is no JSON. At most two run at a time.',
		who: 'session-or-app-password',
		answers: { 200: { description: 'A file to keep.', schema: LedgerExport } },
		problems: ['forbidden', 'busy']
	}
];
