/**
 * A line for a shell that reads everything in the cloud with an app password.
 *
 * @param origin where this Outlay is: `https://…`
 */
export function curlLine(origin: string, email: string, password: string): string {
	return `curl -u ${quote(`${email}:${password}`)} ${quote(`${origin}/api/export`)}`;
}

/** As one word for a POSIX shell. */
function quote(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}
