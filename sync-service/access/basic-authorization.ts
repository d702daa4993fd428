import { Email } from '#contract/account.ts';

/** Characters of an `Authorization` that can be one: an email and an app password, and no more. */
const MOST = 1024;

/** An email and an app password, as HTTP Basic sends them (RFC 7617); `undefined`: it is none. */
export function readBasicAuthorization(
	header: string | undefined
): { email: string; password: string } | undefined {
	if (header === undefined || header.length > MOST) return undefined;
	const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header.trim())?.[1];
	if (encoded === undefined) return undefined;
	const text = toText(Buffer.from(encoded, 'base64'));
	const colon = text?.indexOf(':') ?? -1;
	if (text === undefined || colon === -1) return undefined;
	const email = Email.safeParse(text.slice(0, colon));
	return email.success ? { email: email.data, password: text.slice(colon + 1) } : undefined;
}

function toText(bytes: Buffer<ArrayBuffer>): string | undefined {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return undefined;
	}
}
