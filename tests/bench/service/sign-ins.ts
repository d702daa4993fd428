/**
 * How many people can sign in a second, and what everybody else feels of it meanwhile: the delay of a
 * small request on the same process, beside the same with nobody signing in.
 *
 *     node tests/bench/service/sign-ins.ts
 */
import { setTimeout as pauseFor } from 'node:timers/promises';
import { signIn, signUp } from '#tests/service/people.ts';
import { spawnService } from '#tests/support/run-service.ts';

const SECONDS = 10;
const AT_ONCE = 20;

async function measureDelays(url: string, until: () => boolean): Promise<number[]> {
	const delays: number[] = [];
	while (!until()) {
		const began = performance.now();
		await (await fetch(`${url}/health/live`)).text();
		delays.push(performance.now() - began);
		await pauseFor(20);
	}
	return delays.sort((a, b) => a - b);
}

function describe(delays: readonly number[]): string {
	const at = (share: number) => delays[Math.floor(delays.length * share)]?.toFixed(1) ?? '–';
	return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}

const service = await spawnService();
try {
	const emails: string[] = [];
	while (emails.length < AT_ONCE) emails.push((await signUp(service.url)).email);
	const end = Date.now() + 3_000;
	const quiet = await measureDelays(service.url, () => Date.now() > end);
	let signIns = 0;
	let isOver = false;
	const began = performance.now();
	const people = emails.map(async (email) => {
		while (!isOver) {
			await signIn(service.url, email);
			signIns += 1;
		}
	});
	const busy = await measureDelays(
		service.url,
		() => (isOver = performance.now() - began > SECONDS * 1_000)
	);
	await Promise.all(people);
	const seconds = (performance.now() - began) / 1_000;
	console.log(
		`${(signIns / seconds).toFixed(0)} sign-ins a second; a small request takes ${describe(busy)} meanwhile, ${describe(quiet)} with nobody signing in`
	);
} finally {
	await service.clean();
}
