import type { AdminAction, AdminParts } from '#service/admin/admin-parts.ts';
import type { Outcome } from '#service/plugins/problems.ts';

/** Does what an admin asked for and notes that it was done; what was refused is none of it. */
export async function noted<T>(
	{ note }: Pick<AdminParts, 'note'>,
	action: AdminAction,
	work: () => Promise<Outcome<T>>
): Promise<Outcome<T>> {
	try {
		const outcome = await work();
		if (outcome.ok) note(action);
		return outcome;
	} catch (error) {
		note({ ...action, unsure: true });
		throw error;
	}
}
