/** How the service proves itself to the store. Asked before every request: a token may have expired. */
export interface Credential {
	/** The `Authorization` header's value, or '' where the store asks for none. */
	authorization(): Promise<string>;
	/** The store did not take this one: the next is another, where there can be another. */
	refused?(authorization: string): void;
}

export function basicCredential(user: string, password: string): Credential {
	const authorization = toBasicAuthorization(user, password);
	return { authorization: async () => authorization };
}

/** RFC 7617, in UTF-8. */
export function toBasicAuthorization(user: string, password: string): string {
	return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
