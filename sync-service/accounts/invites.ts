/** Invitations, as signing up uses them. */
export interface Invites {
	/**
	 * Takes an invitation for whoever signs up with `email`: from now on it is used, also for a request that comes
	 * at the same instant. `'invalid'`: unknown, used, expired, or for another address.
	 *
	 * @throws {StoreUnavailable} and it may be taken all the same
	 */
	take(code: string, email: string): Promise<'taken' | 'invalid'>;
	/** Makes a taken one good again, because nothing came of the sign-up. @throws {StoreUnavailable} */
	giveBack(code: string): Promise<void>;
}

/** Where nobody is invited. */
export const noInvites: Invites = {
	take: async () => 'invalid',
	giveBack: async () => {}
};
