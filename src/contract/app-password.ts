import * as z from 'zod/mini';

/** What an app password opens: its account's own ledger, to read only or to read and write. */
export const Access = z.enum(['read-only', 'read-write']);
export type Access = z.infer<typeof Access>;

/** The body of `POST /api/app-passwords`. */
export const AppPasswordBody = z.object({
	name: z.string().check(z.trim(), z.minLength(1), z.maxLength(64)),
	access: z._default(Access, 'read-only')
});
export type AppPasswordBody = z.infer<typeof AppPasswordBody>;

/** An app password without its secret. Instants are in ISO 8601. */
export const AppPassword = z.looseObject({
	id: z.string(),
	name: z.string(),
	access: Access,
	createdAt: z.string(),
	/** Not exact; absent: never used. */
	lastUsedAt: z.optional(z.string())
});
export type AppPassword = z.infer<typeof AppPassword>;

/** The answer of `GET /api/app-passwords`, the newest first. */
export const AppPasswords = z.looseObject({ appPasswords: z.array(AppPassword) });
export type AppPasswords = z.infer<typeof AppPasswords>;

/** The answer of `POST /api/app-passwords`: the only time that the secret is told. */
export const NewAppPassword = z.extend(AppPassword, { password: z.string() });
export type NewAppPassword = z.infer<typeof NewAppPassword>;
