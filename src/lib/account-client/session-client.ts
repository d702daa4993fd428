import { SignedIn, SignedUp, type Recovery, type SignUp } from '#contract/account.ts';
import { Nothing, type Answer, type Service } from './service.ts';

/** The ways in and out of an account. No method throws. */
export class SessionClient {
	#service: Service;

	constructor(service: Service) {
		this.#service = service;
	}

	signUp(body: SignUp): Promise<Answer<SignedUp>> {
		return this.#service.ask('POST', '/api/account', SignedUp, body);
	}

	signIn(email: string, password: string): Promise<Answer<SignedIn>> {
		return this.#service.ask('POST', '/api/session', SignedIn, { email, password });
	}

	/** Signs in with a recovery code, and sets a new password. */
	recover(body: Recovery): Promise<Answer<SignedIn>> {
		return this.#service.ask('POST', '/api/session/recovery', SignedIn, body);
	}

	/** Who is signed in; the problem is `signed-out` where nobody is. */
	session(): Promise<Answer<SignedIn>> {
		return this.#service.ask('GET', '/api/session', SignedIn);
	}

	signOut(): Promise<Answer<undefined>> {
		return this.#service.ask('DELETE', '/api/session', Nothing);
	}

	/** Deletes the account and its ledger in the cloud. */
	deleteAccount(password: string): Promise<Answer<undefined>> {
		return this.#service.ask('DELETE', '/api/account', Nothing, { password });
	}
}
