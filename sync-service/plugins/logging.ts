import type { FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import { describeError } from '#service/log/describe-error.ts';
import { redact } from '#service/log/redact.ts';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** All that a line may hold beside its time, level, request id and message. Whatever else is handed over is left out. */
const FIELDS = new Set([
	'err',
	'said',
	'req',
	'res',
	// Of a request.
	'method',
	'route',
	'status',
	'ms',
	'bytes',
	// Of what an admin did.
	'by',
	'what',
	'whom',
	'unsure',
	// Names that the configuration gives.
	'placement',
	'placements',
	'peer'
]);

/**
 * JSON, a line each. What is logged, by the framework too, passes here: no secret, amount, email or address below a
 * route's pattern gets through, at no level.
 */
export function toLogging(level: LogLevel): Exclude<FastifyServerOptions['logger'], undefined> {
	return {
		level,
		formatters: { log: keepKnown },
		serializers: { req: describeRequest, res: describeReply, err: toFields, said: redact },
		hooks: {
			logMethod(inputs, method) {
				const { fields, message } = toParts(inputs);
				// Always with a message: without one it would be the error's own.
				method.apply(this, [fields, message]);
			}
		}
	};
}

/** Whoever logs gives an object and a message, an error, or a message; what would be put into a message is left out. */
function toParts(inputs: readonly unknown[]): { fields: object; message: string } {
	const [first, second] = inputs;
	if (typeof first === 'string') return { fields: {}, message: redact(first) };
	const fields = first instanceof Error ? { err: first } : ((first ?? {}) as object);
	return { fields, message: typeof second === 'string' ? redact(second) : 'an error' };
}

function keepKnown(fields: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(fields).filter(([name]) => FIELDS.has(name)));
}

function toFields(error: unknown) {
	return { stack: '', ...describeError(error) };
}

function describeRequest({ method, routeOptions }: FastifyRequest) {
	return { method, route: routeOptions?.url };
}

function describeReply({ statusCode }: Partial<FastifyReply>) {
	return { status: statusCode };
}
