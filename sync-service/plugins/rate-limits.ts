import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from '#service/plugins/problems.ts';

/** How much is let through; a window is in milliseconds. */
export interface Limits {
	/** Sign-ups from one address. */
	signUps: { most: number; windowMs: number };
	/** Failed sign-ins from one address. */
	failuresByAddress: { most: number; windowMs: number };
	/** Failed sign-ins for one email, from wherever. */
	failuresByEmail: { most: number; windowMs: number };
}

const QUARTER_MS = 15 * 60_000;

export const DEFAULT_LIMITS: Limits = {
	signUps: { most: 30, windowMs: 60 * 60_000 },
	failuresByAddress: { most: 50, windowMs: QUARTER_MS },
	failuresByEmail: { most: 10, windowMs: QUARTER_MS }
};

/** Counts something that may be done so often and no more. */
export interface Limiter {
	/** Begins an attempt, or says for how many seconds none may begin. */
	begin(request: FastifyRequest): Promise<Attempt | { waitSeconds: number }>;
}

export interface Attempt {
	waitSeconds?: undefined;
	/** Ends the attempt; `counts`: it uses up one of those that are allowed. */
	end(counts: boolean): Promise<void>;
}

export interface Limiters {
	signUps: Limiter;
	failuresByAddress: Limiter;
	/** Only for requests whose `signInEmail` is set. */
	failuresByEmail: Limiter;
}

declare module 'fastify' {
	interface FastifyRequest {
		/** The email a sign-in is for, which its failures are counted by. */
		signInEmail: string;
	}
}

export async function addRateLimits(app: FastifyInstance, limits: Limits): Promise<Limiters> {
	await app.register(rateLimit, { global: false });
	app.decorateRequest('signInEmail', '');

	function makeLimiter(
		{ most, windowMs }: { most: number; windowMs: number },
		keyGenerator?: (request: FastifyRequest) => string
	): Limiter {
		const check = app.createRateLimit({
			max: most,
			timeWindow: windowMs,
			...(keyGenerator && { keyGenerator })
		});
		// Attempts under way: a thousand guesses sent at once must not all pass the check.
		const underWay = new Map<string, number>();

		return {
			async begin(request) {
				const state = await check(request, { increment: false });
				if (state.isAllowed) return { end: async () => {} };
				const { key, remaining, ttlInSeconds } = state;
				const before = underWay.get(key) ?? 0;
				if (remaining <= before) return { waitSeconds: Math.max(1, ttlInSeconds) };
				underWay.set(key, before + 1);
				return {
					async end(counts) {
						if (counts) await check(request);
						const others = (underWay.get(key) ?? 1) - 1;
						if (others === 0) underWay.delete(key);
						else underWay.set(key, others);
					}
				};
			}
		};
	}

	return {
		signUps: makeLimiter(limits.signUps),
		failuresByAddress: makeLimiter(limits.failuresByAddress),
		failuresByEmail: makeLimiter(limits.failuresByEmail, (request) => request.signInEmail)
	};
}

/**
 * Runs `work` as one attempt of every limiter, or answers `too-many-requests`. `work` resolves with
 * whether the attempt counts.
 */
export async function withinLimits(
	request: FastifyRequest,
	reply: FastifyReply,
	limiters: Limiter[],
	work: () => Promise<boolean>
): Promise<void> {
	const [limiter, ...others] = limiters;
	if (limiter === undefined) {
		await work();
		return;
	}
	const attempt = await limiter.begin(request);
	if (attempt.waitSeconds !== undefined) {
		sendProblem(reply, 'too-many-requests', undefined, attempt.waitSeconds);
		return;
	}
	let counts = false;
	try {
		await withinLimits(request, reply, others, async () => (counts = await work()));
	} finally {
		await attempt.end(counts);
	}
}
