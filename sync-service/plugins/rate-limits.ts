import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { toAddressKey } from '#service/accounts/address-key.ts';
import type { Limit } from '#service/accounts/throttle.ts';
import { sendProblem } from '#service/plugins/problems.ts';

/** How many addresses are kept in memory. */
const ADDRESSES_MOST = 10_000;

/**
 * A ceiling on what one address may ask of `/api`, counted in this process alone: it keeps a flood from the store,
 * and is far above what people do. What must not be guessed is counted by the throttle.
 */
export async function addRateLimits(
	app: FastifyInstance,
	{ most, windowMs }: Limit,
	onHeldBack?: (limit: string) => void
): Promise<void> {
	await app.register(rateLimit, { global: false, cache: ADDRESSES_MOST });
	const check = app.createRateLimit({
		max: most,
		timeWindow: windowMs,
		keyGenerator: ({ ip }) => toAddressKey(ip)
	});
	app.addHook('onRequest', async (request, reply) => {
		if (!request.routeOptions.url?.startsWith('/api/')) return;
		const state = await check(request);
		if (state.isAllowed || !state.isExceeded) return;
		onHeldBack?.('requests');
		return sendProblem(reply, 'too-many-requests', undefined, Math.max(1, state.ttlInSeconds));
	});
}
