/** Sends JSON, or nothing, and reads a JSON answer. */
export async function askJson(
	method: string,
	url: string,
	body: unknown,
	headers: Record<string, string>
): Promise<{ status: number; body: unknown }> {
	const answer = await fetch(url, {
		method,
		headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
		body: body === undefined ? null : JSON.stringify(body)
	});
	return { status: answer.status, body: await answer.json() };
}
