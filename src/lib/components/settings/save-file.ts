/** Gives the person a file to keep, as the browser does with downloads. */
export function saveFile(name: string, text: string | string[], type = 'application/json'): void {
	const url = URL.createObjectURL(new Blob([text].flat(), { type }));
	const link = Object.assign(document.createElement('a'), { href: url, download: name });
	link.click();
	// The download has begun by then.
	setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
