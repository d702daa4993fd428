import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Replaces a file in one step: whoever reads it, now or after a power cut, finds the old text or the
 * new one, whole.
 *
 * @param mode the file's permissions, such as 0o600.
 */
export async function writeDurably(path: string, text: string, mode = 0o644): Promise<void> {
	const draft = `${path}.${randomUUID()}`;
	try {
		const file = await open(draft, 'wx', mode);
		try {
			await file.writeFile(text);
			await file.sync();
		} finally {
			await file.close();
		}
		await rename(draft, path);
	} catch (error) {
		await rm(draft, { force: true });
		throw error;
	}
	await syncFolder(dirname(path));
}

/** Makes names that were added to, changed in or removed from a folder survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
	// Windows cannot open a folder; its file system keeps names by itself.
	if (process.platform === 'win32') return;
	const folder = await open(path, 'r');
	try {
		await folder.sync();
	} finally {
		await folder.close();
	}
}
