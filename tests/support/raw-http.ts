import { connect, type Socket } from 'node:net';

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

function readAnswers(text: string, isHead = false): BytesAnswer[] {
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
		const { body, length } = isHead
			? { body: '', length: 0 }
			: readBody(rest.slice(end + 4), headers, status);
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

/**
 * Connections that are used again, over which bytes go as they are. One request at a time each; a
 * connection that the service closes is replaced by the next request.
 */
export class RawConnections {
	readonly #url: URL;
	readonly #idle: Socket[] = [];

	constructor(url: string) {
		this.#url = new URL(url);
	}

	/**
	 * Sends one request and resolves with its answer.
	 *
	 * @param isHead whether the answer has no body, whatever its headers say.
	 * @throws when there is none within `patienceMs`, or not all of it.
	 */
	async send(bytes: Uint8Array, isHead: boolean, patienceMs = 20_000): Promise<BytesAnswer> {
		const socket = this.#idle.pop() ?? connect(Number(this.#url.port), this.#url.hostname);
		let text = '';
		const isWhole = (closed: boolean) => isWholeAnswer(text, isHead, closed);
		await new Promise<void>((resolve, reject) => {
			const settle = () => {
				socket.removeAllListeners();
				socket.setTimeout(0);
				// What comes of it later is nobody's.
				socket.on('error', () => {});
			};
			const fail = (why: string) => {
				settle();
				socket.destroy();
				reject(new Error(`${why} after ${JSON.stringify(text.slice(0, 200))}`));
			};
			socket.setEncoding('latin1').on('data', (piece: string) => {
				text += piece;
				if (!isWhole(false)) return;
				settle();
				if (/\r\nconnection: close/i.test(text.slice(0, text.indexOf('\r\n\r\n'))))
					socket.destroy();
				else this.#idle.push(socket);
				resolve();
			});
			socket.on('error', () => {});
			socket.on('close', () => (isWhole(true) ? (settle(), resolve()) : fail('cut off')));
			socket.setTimeout(patienceMs, () => fail('no answer'));
			socket.write(bytes);
		});
		const answers = readAnswers(text, isHead).filter(({ status }) => status >= 200);
		if (answers.length !== 1 || !answers[0]) throw new Error(`${answers.length} answers: ${text}`);
		return answers[0];
	}

	close(): void {
		for (const socket of this.#idle.splice(0)) socket.destroy();
	}
}

function isWholeAnswer(text: string, isHead: boolean, closed: boolean): boolean {
	let rest = text;
	while (/^HTTP\/1\.1 1\d\d /.test(rest)) rest = rest.slice(rest.indexOf('\r\n\r\n') + 4);
	const end = rest.indexOf('\r\n\r\n');
	if (end === -1) return false;
	const head = rest.slice(0, end);
	const body = rest.slice(end + 4);
	if (isHead || / (204|304) /.test(head.slice(0, 14))) return true;
	if (/\r\ntransfer-encoding: chunked/i.test(head)) return /(^|\r\n)0\r\n\r\n$/.test(body);
	const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
	return length === undefined ? closed : body.length >= Number(length);
}
