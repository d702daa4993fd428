import * as z from 'zod/mini';
import { Email, Role } from './account.ts';

/** How much a ledger may hold; `null`: as much as the service allows by default. */
export const Quota = z.looseObject({
	documents: z.nullable(z.int().check(z.minimum(0))),
	bytes: z.nullable(z.int().check(z.minimum(0)))
});
export type Quota = z.infer<typeof Quota>;

/** An account as an admin sees it: figures, never anything of a ledger's documents. Instants are in ISO 8601. */
export const AdminAccount = z.looseObject({
	id: z.string(),
	email: z.string(),
	role: Role,
	createdAt: z.string(),
	suspended: z.boolean(),
	/** Not exact; absent: never. */
	lastSyncAt: z.optional(z.string()),
	/** Absent where the store does not say at the moment. */
	usage: z.optional(z.looseObject({ documents: z.int(), bytes: z.int() })),
	quota: Quota
});
export type AdminAccount = z.infer<typeof AdminAccount>;

/** The answer of `GET /api/admin/accounts?search=&after=`: a page of them; `next` begins the next page. */
export const AdminAccounts = z.looseObject({
	accounts: z.array(AdminAccount),
	next: z.optional(z.string())
});
export type AdminAccounts = z.infer<typeof AdminAccounts>;

/** The body of `PATCH /api/admin/accounts/<id>`: what is absent stays as it is. */
export const AdminAccountChange = z.object({
	suspended: z.optional(z.boolean()),
	quota: z.optional(Quota)
});
export type AdminAccountChange = z.infer<typeof AdminAccountChange>;

/** The body of `POST /api/admin/invites`: for one address, or for whoever holds the code. */
export const InviteBody = z.object({ email: z.optional(Email) });
export type InviteBody = z.infer<typeof InviteBody>;

/** An invitation to sign up, good once. Instants are in ISO 8601. */
export const Invite = z.looseObject({
	id: z.string(),
	email: z.optional(z.string()),
	createdAt: z.string(),
	expiresAt: z.string()
});
export type Invite = z.infer<typeof Invite>;

/** The answer of `GET /api/admin/invites`: those that are open. */
export const Invites = z.looseObject({ invites: z.array(Invite) });
export type Invites = z.infer<typeof Invites>;

/** The answer of `POST /api/admin/invites`: the only time that the code is told. */
export const NewInvite = z.extend(Invite, { code: z.string() });
export type NewInvite = z.infer<typeof NewInvite>;
