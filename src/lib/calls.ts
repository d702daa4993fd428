/** One end of a channel between a page and its worker: a `Worker`, or a worker's own global scope. */
export interface CallPort {
	postMessage(message: unknown): void;
	addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

type Message =
	| { call: number; method: string; args: unknown[] }
	| { answer: number; value: unknown }
	| { answer: number; failure: string };

interface Waiting {
	resolve: (value: unknown) => void;
	reject: (error: Error) => void;
}

/**
 * Lets both ends of a channel call each other's methods. Arguments and results are structured-cloned, calls
 * arrive in the order in which they were made, and what a method throws is thrown at its caller as an error
 * with the same words.
 *
 * @param ours what the other end may call: functions that stand on the object itself.
 * @returns the other end.
 */
export function connect<Theirs extends object>(port: CallPort, ours: object): Theirs {
	const waiting = new Map<number, Waiting>();
	let calls = 0;

	async function answer(call: number, method: string, args: unknown[]): Promise<void> {
		try {
			const run = Object.hasOwn(ours, method) ? Reflect.get(ours, method) : undefined;
			if (typeof run !== 'function') throw new Error(`There is no method ${method}`);
			port.postMessage({ answer: call, value: await run(...args) });
		} catch (error) {
			const failure = error instanceof Error ? error.message : String(error);
			port.postMessage({ answer: call, failure });
		}
	}

	port.addEventListener('message', ({ data }: MessageEvent<Message>) => {
		if ('call' in data) return void answer(data.call, data.method, data.args);
		const asked = waiting.get(data.answer);
		waiting.delete(data.answer);
		if ('failure' in data) asked?.reject(new Error(data.failure));
		else asked?.resolve(data.value);
	});

	return new Proxy({} as Theirs, {
		get: (_, method: string) => {
			// What is awaited is looked at for a `then`.
			if (method === 'then') return undefined;
			return (...args: unknown[]) =>
				new Promise((resolve, reject) => {
					// Posted first: what cannot be cloned is thrown here, and nobody waits for an answer.
					port.postMessage({ call: ++calls, method, args });
					waiting.set(calls, { resolve, reject });
				});
		}
	});
}
