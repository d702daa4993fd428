import type { IncomingMessage } from 'node:http';
import type { Refusal } from '#service/plugins/problems.ts';

const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override'];

/** What the headers of a request under `/sync/` must not say; `undefined`: they may pass. */
export function judgeHeaders(message: IncomingMessage): Refusal | undefined {
	const { headers } = message;
	if (OVERRIDES.some((name) => name in headers)) return { code: 'forbidden' };
	if (!hasBody(message)) return undefined;
	if (!/^(identity)?$/i.test(headers['content-encoding'] ?? '')) {
		// Unpacked, a few kilobytes can be gigabytes.
		return { code: 'json-required', reason: 'The request body must not be compressed.' };
	}
	if (!/^application\/json\s*(;|$)/i.test(contentType(message))) return { code: 'json-required' };
	return undefined;
}

function hasBody({ headers }: IncomingMessage): boolean {
	return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** As it was sent: what `headers` says of it may be ours by now. */
function contentType({ rawHeaders }: IncomingMessage): string {
	const at = rawHeaders.findIndex((name) => name.toLowerCase() === 'content-type');
	return at === -1 ? '' : (rawHeaders[at + 1] ?? '');
}
