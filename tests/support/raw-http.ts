import { connect } from 'node:net';

export interface BytesAnswer {
	status: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	body: string;
}

/**
 * Sends bytes as they are over a connection of their own, and reads until the service closes it or is
 * silent for `silenceMs`.
 *
 * @returns the answers, in order; interim ones (1xx) too.
 */
export async function sendBytes(
	url: string,
	bytes: string | Uint8Array,
	silenceMs = 400
): Promise<BytesAnswer[]> {
	const { hostname, port } = new URL(url);
	const received = await new Promise<string>((resolve) => {
		const socket = connect(Number(port), hostname);
		let text = '';
		socket.setEncoding('latin1').on('data', (piece: string) => (text += piece));
		// Cut or closed: what came until then is the answer.
		socket.on('error', () => {}).on('close', () => resolve(text));
		socket.setTimeout(silenceMs, () => socket.destroy());
		socket.write(bytes);
	});
	return readAnswers(received);
}

function readAnswers(text: string): BytesAnswer[] {
	const answers: BytesAnswer[] = [];
	for (let rest = text; rest !== '';) {
		const end = rest.indexOf('\r\n\r\n');
		const [first = '', ...lines] = rest.slice(0, end).split('\r\n');
		const headers = Object.fromEntries(
			lines.map((line) => {
				const colon = line.indexOf(':');
				return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
			})
		);
		const status = Number(first.split(' ')[1]);
		const { body, length } = readBody(rest.slice(end + 4), headers, status);
		answers.push({ status, headers, body });
		rest = rest.slice(end + 4 + length);
	}
	return answers;
}

function readBody(text: string, headers: Record<string, string>, status: number) {
	if (status < 200 || status === 204 || status === 304) return { body: '', length: 0 };
	if (headers['transfer-encoding'] !== 'chunked') {
		const length = Number(headers['content-length'] ?? text.length);
		return { body: text.slice(0, length), length };
	}
	let body = '';
	let at = 0;
	for (;;) {
		const lineEnd = text.indexOf('\r\n', at);
		const size = Number.parseInt(text.slice(at, lineEnd), 16);
		const from = lineEnd + 2;
		if (!(size > 0)) return { body, length: from + 2 };
		body += text.slice(from, from + size);
		at = from + size + 2;
	}
}
