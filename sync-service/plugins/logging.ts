import type { FastifyServerOptions } from 'fastify';

/**
 * Only what an operator must look at: no email, no cookie, no address with its query, and of an
 * error neither request nor answer.
 */
export const LOGGING: FastifyServerOptions['logger'] = {
	level: 'warn',
	serializers: {
		req: (request) => ({ method: request.method, url: request.routeOptions?.url }),
		res: (reply) => ({ statusCode: reply.statusCode }),
		err: (error) => ({
			type: error.name,
			message: error.message,
			stack: error.stack ?? '',
			...(error.cause instanceof Error && { cause: error.cause.message })
		})
	}
};
