import {
	AdminAccount,
	AdminAccounts,
	Invites,
	NewInvite,
	type AdminAccountChange,
	type InviteBody
} from '#contract/admin.ts';
import { Nothing, type Answer, type Service } from './service.ts';

/** What an admin asks of the service. No method throws. */
export class AdminClient {
	#service: Service;

	constructor(service: Service) {
		this.#service = service;
	}

	/** A page of accounts. @param after where it begins: `next` of the page before. */
	accounts(search: string, after?: string): Promise<Answer<AdminAccounts>> {
		const query = new URLSearchParams();
		if (search !== '') query.set('search', search);
		if (after !== undefined) query.set('after', after);
		const path = query.size > 0 ? `/api/admin/accounts?${query}` : '/api/admin/accounts';
		return this.#service.ask('GET', path, AdminAccounts);
	}

	changeAccount(id: string, change: AdminAccountChange): Promise<Answer<AdminAccount>> {
		const path = `/api/admin/accounts/${encodeURIComponent(id)}`;
		return this.#service.ask('PATCH', path, AdminAccount, change);
	}

	invites(): Promise<Answer<Invites>> {
		return this.#service.ask('GET', '/api/admin/invites', Invites);
	}

	makeInvite(body: InviteBody): Promise<Answer<NewInvite>> {
		return this.#service.ask('POST', '/api/admin/invites', NewInvite, body);
	}

	revokeInvite(id: string): Promise<Answer<undefined>> {
		return this.#service.ask('DELETE', `/api/admin/invites/${encodeURIComponent(id)}`, Nothing);
	}
}
