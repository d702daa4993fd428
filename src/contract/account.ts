import * as z from 'zod/mini';

/** An address to sign in with, trimmed and in lower case; at most 254 characters (RFC 5321 §4.5.3.1). */
export const Email = z
	.string()
	.check(
		z.trim(),
		z.toLowerCase(),
		z.maxLength(254, 'invalid-email'),
		z.regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'invalid-email')
	);

/** 8–128 characters, any characters, no composition rules (NIST SP 800-63B §5.1.1). */
export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 128;

/** The body of `POST /api/account` and of `POST /api/session`. */
export const Credentials = z.object({ email: Email, password: z.string() });
export type Credentials = z.infer<typeof Credentials>;

/** Who is signed in: the answer of `POST /api/account`, `POST /api/session` and `GET /api/session`. */
export const SignedIn = z.looseObject({
	account: z.looseObject({ id: z.string(), email: z.string() }),
	ledger: z.looseObject({ id: z.string() })
});
export type SignedIn = z.infer<typeof SignedIn>;
