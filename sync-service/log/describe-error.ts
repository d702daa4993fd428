import { redact } from '#service/log/redact.ts';

/** What a log says of an error. */
export interface ErrorWords {
	/** The class. */
	type: string;
	/** The system's or a library's code, such as `ECONNREFUSED`. */
	code?: string;
	message: string;
	/** The frames alone: the first lines of a stack repeat the message. */
	stack?: string;
	cause?: ErrorWords;
}

/** How many causes are followed. */
const DEEPEST = 4;

/**
 * An error without what it may carry: a request, an answer, a document, a credential in an address. Nothing else of
 * it is read than its class, its code, its message with all that is quoted left out, its frames and its causes.
 */
export function describeError(error: unknown, depth = 0): ErrorWords {
	if (!(error instanceof Error)) return { type: typeof error, message: '…' };
	const { cause } = error;
	const code = toCode(error);
	const stack = toFrames(error);
	return {
		type: redact(error.name),
		...(code !== undefined && { code }),
		message: toMessage(error),
		...(stack !== '' && { stack }),
		...(cause !== undefined && depth < DEEPEST && { cause: describeError(cause, depth + 1) })
	};
}

/** The same as lines for a terminal. */
export function toErrorLines(error: unknown): string {
	const { type, code, message, stack, cause } = describeError(error);
	const head = [type, code, message].filter(Boolean).join(' ');
	const because = cause && `caused by ${[cause.type, cause.code, cause.message].join(' ')}`;
	return [head, stack, because].filter(Boolean).join('\n');
}

function toMessage(error: Error): string {
	// Of JSON that is broken, its message has a piece.
	return error instanceof SyntaxError ? 'what was to be read is broken' : redact(error.message);
}

function toCode(error: Error): string | undefined {
	const code: unknown = 'code' in error ? error.code : undefined;
	return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? code : undefined;
}

function toFrames({ stack }: Error): string {
	if (typeof stack !== 'string') return '';
	return stack
		.split('\n')
		.filter((line) => /^\s+at .*(?::\d+:\d+\)?|<anonymous>\)?)$/.test(line))
		.join('\n');
}
