import type { AccountClient } from '#lib/account-client/account-client.ts';
import { toasts } from '#lib/components/ui/toast-list.svelte.ts';
import { failureWords } from '#lib/domain/failure-words.ts';

/** Has the browser load everything in the cloud into a file: it may be more than a page should hold. */
export async function exportCloud(client: AccountClient): Promise<void> {
	// A download that fails says nothing of use: whether it can work is asked first.
	const answer = await client.session();
	if (!answer.ok) return toasts.show(failureWords(answer));
	Object.assign(document.createElement('a'), { href: '/api/export', download: '' }).click();
}
