import {
	DeviceSessions,
	RecoveryCodes,
	RecoveryCodesLeft,
	SignedIn,
	SignUpState
} from '#contract/account.ts';
import { AppPasswords, NewAppPassword, type AppPasswordBody } from '#contract/app-password.ts';
import { Nothing, type Answer, type Service } from './service.ts';

/** What the pages of an account ask of the service. No method throws. */
export class AccountClient {
	#service: Service;

	constructor(service: Service) {
		this.#service = service;
	}

	/** Who may sign up. */
	signUpState(): Promise<Answer<SignUpState>> {
		return this.#service.ask('GET', '/api/sign-up', SignUpState);
	}

	/** Who is signed in; the problem is `signed-out` where nobody is. */
	session(): Promise<Answer<SignedIn>> {
		return this.#service.ask('GET', '/api/session', SignedIn);
	}

	/** Signs out every other device, too. */
	changePassword(password: string, newPassword: string): Promise<Answer<undefined>> {
		const body = { password, newPassword };
		return this.#service.ask('PUT', '/api/account/password', Nothing, body);
	}

	changeEmail(email: string, password: string): Promise<Answer<SignedIn>> {
		return this.#service.ask('PUT', '/api/account/email', SignedIn, { email, password });
	}

	recoveryCodesLeft(): Promise<Answer<RecoveryCodesLeft>> {
		return this.#service.ask('GET', '/api/recovery-codes', RecoveryCodesLeft);
	}

	/** Makes new codes; the old ones are void. */
	makeRecoveryCodes(password: string): Promise<Answer<RecoveryCodes>> {
		return this.#service.ask('POST', '/api/recovery-codes', RecoveryCodes, { password });
	}

	sessions(): Promise<Answer<DeviceSessions>> {
		return this.#service.ask('GET', '/api/sessions', DeviceSessions);
	}

	endSession(id: string): Promise<Answer<undefined>> {
		return this.#service.ask('DELETE', `/api/sessions/${encodeURIComponent(id)}`, Nothing);
	}

	endOtherSessions(): Promise<Answer<undefined>> {
		return this.#service.ask('DELETE', '/api/sessions', Nothing);
	}

	appPasswords(): Promise<Answer<AppPasswords>> {
		return this.#service.ask('GET', '/api/app-passwords', AppPasswords);
	}

	makeAppPassword(body: AppPasswordBody): Promise<Answer<NewAppPassword>> {
		return this.#service.ask('POST', '/api/app-passwords', NewAppPassword, body);
	}

	revokeAppPassword(id: string): Promise<Answer<undefined>> {
		return this.#service.ask('DELETE', `/api/app-passwords/${encodeURIComponent(id)}`, Nothing);
	}
}
