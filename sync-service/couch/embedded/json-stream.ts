import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** How much text is gathered before it is sent, in characters. */
const PIECE = 64 * 1024;

/** The client went away, or the database did: there is nobody to answer. */
export class StreamEnded extends Error {
	override name = 'StreamEnded';
}

/** A JSON answer with a list in it, sent row by row: memory holds a page, never the list. */
export class JsonStream {
	readonly #response: ServerResponse;
	readonly #gone: AbortSignal;
	#piece: string;
	#isFirst = true;

	/** @param opening all the text before the first row. */
	constructor(response: ServerResponse, gone: AbortSignal, opening: string) {
		this.#response = response;
		this.#gone = gone;
		this.#piece = opening;
		response.writeHead(200, {
			'content-type': 'application/json',
			'cache-control': 'must-revalidate'
		});
	}

	/**
	 * Resolves when there is room for the next row.
	 *
	 * @throws {StreamEnded} when nobody will read it.
	 */
	async row(value: unknown): Promise<void> {
		this.#piece += (this.#isFirst ? '\n' : ',\n') + JSON.stringify(value);
		this.#isFirst = false;
		if (this.#piece.length >= PIECE) await this.#send();
	}

	/** @param closing all the text after the last row. */
	async end(closing: string): Promise<void> {
		this.#piece += `\n${closing}\n`;
		await this.#send();
		this.#response.end();
	}

	async #send(): Promise<void> {
		if (this.#response.destroyed || this.#gone.aborted) throw new StreamEnded();
		const piece = this.#piece;
		this.#piece = '';
		if (this.#response.write(piece)) return;
		await this.#drained();
	}

	async #drained(): Promise<void> {
		const stop = new AbortController();
		const signal = AbortSignal.any([stop.signal, this.#gone]);
		try {
			await Promise.race([
				once(this.#response, 'drain', { signal }),
				once(this.#response, 'close', { signal })
			]);
		} catch (error) {
			if (!this.#gone.aborted) throw error;
		} finally {
			stop.abort();
		}
		if (this.#response.destroyed || this.#gone.aborted) throw new StreamEnded();
	}
}
