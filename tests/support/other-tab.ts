/** A worker that is another tab to its page: it writes revisions into a database as it is told. */
import { openDatabase, type StoredDocument } from '#lib/storage/open-database.ts';
import { writeRevisions } from '#lib/storage/write-revisions.ts';

interface Task {
	name: string;
	documents: StoredDocument[];
}

self.onmessage = async ({ data: { name, documents } }: MessageEvent<Task>) => {
	try {
		await writeRevisions(openDatabase(name), documents);
		self.postMessage('written');
	} catch (error) {
		self.postMessage(error);
	}
};
