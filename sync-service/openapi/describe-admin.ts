import {
	AdminAccount,
	AdminAccountChange,
	AdminAccounts,
	InviteBody,
	Invites,
	NewInvite
} from '#contract/admin.ts';
import type { Operation } from '#service/openapi/operation.ts';

export const ADMIN_OPERATIONS: Operation[] = [
	{
		method: 'GET',
		path: '/api/admin/accounts',
		summary: 'The accounts of this service, a page of them',
		description:
			'Figures only: an admin reads no ledger. With `search` a page may be short, or empty, and still have a next one.',
		who: 'admin',
		parameters: [
			{
				name: 'search',
				in: 'query',
				description: 'What an email has in it.',
				schema: { type: 'string', maxLength: 254 }
			},
			{
				name: 'after',
				in: 'query',
				description: '`next` of the page before.',
				schema: { type: 'string' }
			}
		],
		answers: { 200: { description: 'A page.', schema: AdminAccounts } }
	},
	{
		method: 'PATCH',
		path: '/api/admin/accounts/{id}',
		summary: 'Suspend an account or let it in again; set its quota',
		description: 'Nobody suspends themself.',
		who: 'admin',
		body: AdminAccountChange,
		answers: { 200: { description: 'As it is now.', schema: AdminAccount } },
		problems: ['not-found']
	},
	{
		method: 'GET',
		path: '/api/admin/invites',
		summary: 'The invitations that are open',
		who: 'admin',
		answers: { 200: { description: 'Without their codes.', schema: Invites } }
	},
	{
		method: 'POST',
		path: '/api/admin/invites',
		summary: 'Invite somebody',
		description: 'The code is told this once, is good once, and for two weeks.',
		who: 'admin',
		body: InviteBody,
		answers: { 201: { description: 'Made.', schema: NewInvite } },
		problems: ['invalid-email']
	},
	{
		method: 'DELETE',
		path: '/api/admin/invites/{id}',
		summary: 'Take an invitation back',
		who: 'admin',
		answers: { 204: { description: 'It is no good any more.' } },
		problems: ['not-found']
	}
];
