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

/** The body of `POST /api/session`. */
export const Credentials = z.object({ email: Email, password: z.string() });
export type Credentials = z.infer<typeof Credentials>;

/** The body of `POST /api/account`; `invite` where sign-up is by invitation. */
export const SignUp = z.extend(Credentials, {
	invite: z.optional(z.string().check(z.trim(), z.maxLength(128)))
});
export type SignUp = z.infer<typeof SignUp>;

/** Who may sign up: everybody, whoever has an invitation, nobody. */
export const SignUpMode = z.enum(['open', 'invite', 'closed']);
export type SignUpMode = z.infer<typeof SignUpMode>;

/** The answer of `GET /api/sign-up`, which anybody may ask. */
export const SignUpState = z.looseObject({ signUp: SignUpMode });
export type SignUpState = z.infer<typeof SignUpState>;

/** What an account may do: a member has a ledger; an admin also looks after the accounts, never the ledgers. */
export const Role = z.enum(['member', 'admin']);
export type Role = z.infer<typeof Role>;

/** Who is signed in: the answer of `POST /api/session` and `GET /api/session`. */
export const SignedIn = z.looseObject({
	account: z.looseObject({ id: z.string(), email: z.string(), role: z.optional(Role) }),
	ledger: z.looseObject({ id: z.string() })
});
export type SignedIn = z.infer<typeof SignedIn>;

/** Recovery codes, to be shown once: the service keeps their hashes only. */
export const RecoveryCodes = z.looseObject({ recoveryCodes: z.array(z.string()) });
export type RecoveryCodes = z.infer<typeof RecoveryCodes>;

/** The answer of `POST /api/account`. */
export const SignedUp = z.extend(SignedIn, RecoveryCodes.shape);
export type SignedUp = z.infer<typeof SignedUp>;

/** The body of `PUT /api/account/password`. */
export const PasswordChange = z.object({ password: z.string(), newPassword: z.string() });
export type PasswordChange = z.infer<typeof PasswordChange>;

/** The body of `PUT /api/account/email`. */
export const EmailChange = Credentials;
export type EmailChange = z.infer<typeof EmailChange>;

/** The body of what asks for the password again: `DELETE /api/account`, `POST /api/recovery-codes`. */
export const Confirmation = z.object({ password: z.string() });
export type Confirmation = z.infer<typeof Confirmation>;

/** The body of `POST /api/session/recovery`. */
export const Recovery = z.object({
	email: Email,
	code: z.string().check(z.trim(), z.maxLength(128)),
	newPassword: z.string()
});
export type Recovery = z.infer<typeof Recovery>;

/** The answer of `GET /api/recovery-codes`: how many are not used yet. */
export const RecoveryCodesLeft = z.looseObject({ left: z.int() });
export type RecoveryCodesLeft = z.infer<typeof RecoveryCodesLeft>;

/** Where an account is signed in. Instants are in ISO 8601. */
export const DeviceSession = z.looseObject({
	id: z.string(),
	/** In a person's words, such as "Firefox on Android". */
	device: z.string(),
	createdAt: z.string(),
	/** Not exact: written at most a few times an hour. */
	lastSeenAt: z.string(),
	/** Whether it is the session that asks. */
	current: z.boolean()
});
export type DeviceSession = z.infer<typeof DeviceSession>;

/** The answer of `GET /api/sessions`: the one that asks, then the one last seen first. */
export const DeviceSessions = z.looseObject({ sessions: z.array(DeviceSession) });
export type DeviceSessions = z.infer<typeof DeviceSessions>;
