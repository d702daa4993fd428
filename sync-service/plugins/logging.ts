import type { FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';

export type LogLevel = 'warn' | 'error';

/**
 * Only what an operator must look at: no email, no cookie, no address with its query, and of an
 * error neither request nor answer.
 */
export function toLogging(level: LogLevel): NonNullable<FastifyServerOptions['logger']> {
	return { level, serializers: { req: describeRequest, res: describeReply, err: describeError } };
}

function describeRequest({ method, routeOptions }: FastifyRequest) {
	return { method, url: routeOptions?.url };
}

function describeReply({ statusCode }: Partial<FastifyReply>) {
	return { statusCode };
}

function describeError(error: Error) {
	const { name, message, stack = '', cause } = error;
	const because = cause instanceof Error ? { cause: cause.message } : {};
	return { type: name, message, stack, ...because };
}
