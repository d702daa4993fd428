/** A file's text: UTF-8, or, where it is not that, the old Western encoding that spreadsheets still write. */
export async function readText(file: File): Promise<string> {
	const bytes = await file.arrayBuffer();
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return new TextDecoder('windows-1252').decode(bytes);
	}
}
