import {
	createServer,
	request as sendRequest,
	type IncomingMessage,
	type ServerResponse
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { INCARNATION_HEADER } from '#contract/replication.ts';
import { Random } from '#tests/prove/random.ts';

/** What happens to a request on its way. */
export type Fault =
	/** The connection is cut before anything of the request arrives. */
	| { kind: 'reset' }
	/** Half of the request's body arrives, then the connection is cut. */
	| { kind: 'cut-request' }
	/** The service does what is asked, and half of its answer arrives. */
	| { kind: 'cut-answer' }
	/** The service does what is asked, and nothing of its answer arrives. */
	| { kind: 'lost-answer' }
	/** The service is asked twice; the second answer arrives. */
	| { kind: 'duplicate' }
	| { kind: 'delay'; ms: number }
	/** Nothing is ever answered, and the connection stays. */
	| { kind: 'stall' }
	/** The answer comes in small pieces, `ms` apart. */
	| { kind: 'drip'; bytes: number; ms: number }
	/** Something on the way answers instead of the service. */
	| { kind: 'answer'; status: number; body?: string; headers?: Record<string, string> }
	/** Of a batch, the store refuses these documents and takes the others. */
	| { kind: 'refuse'; error: string; ids: (id: string) => boolean }
	/** The service's answer names another incarnation. */
	| { kind: 'incarnation'; name: string }
	/** The service's answer says when it was given, and is wrong. */
	| { kind: 'date'; date: Date };

/** Which requests meet a fault. What is left out does not matter. */
export interface Rule {
	fault: Fault;
	/** Tested on `<method> <path and query>`. */
	on?: RegExp;
	/** Tested on the request's body. */
	body?: (body: string) => boolean;
	/** Only the nth of the requests that match, from 1. */
	nth?: number;
	/** How many of them, from the first. */
	times?: number;
	/** How often, from 0 to 1. */
	chance?: number;
}

/** A network between real clients and a real service, on which things go wrong by rule. */
export interface FaultProxy {
	/** Where it listens, without a slash at the end. */
	url: string;
	/** The first rule that fits decides; all may be changed at any time. */
	rules: Rule[];
	/** Every request that came, as `<method> <path and query>`. */
	requests: string[];
	/** Cuts all connections. */
	cutAll(): void;
	close(): Promise<void>;
}

/** @param seed decides what chance decides. */
export async function startFaultProxy(target: string, seed = 1): Promise<FaultProxy> {
	const random = new Random(seed);
	const met = new Map<Rule, number>();
	const { hostname, port } = new URL(target);
	const server = createServer((request, response) => {
		request.on('error', () => {});
		response.on('error', () => {});
		void pass(request, response).catch(() => response.destroy());
	});
	server.keepAliveTimeout = 1000;
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

	const proxy: FaultProxy = {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		rules: [],
		requests: [],
		cutAll: () => server.closeAllConnections(),
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			})
	};
	return proxy;

	async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const name = `${request.method} ${request.url}`;
		proxy.requests.push(name);
		const body = Buffer.concat(await request.toArray());
		const fault = choose(name, body.toString());
		switch (fault?.kind) {
			case 'reset':
				return void response.destroy();
			case 'stall':
				return;
			case 'answer':
				response.writeHead(fault.status, fault.headers ?? { 'content-type': 'application/json' });
				return void response.end(fault.body ?? '{"error":"fault","reason":"A test says so."}');
			case 'cut-request':
				await forwardHalf(request, body);
				return void response.destroy();
			case 'lost-answer':
				await (await forward(request, response, body)).toArray();
				return void response.destroy();
			case 'duplicate':
				await (await forward(request, response, body)).toArray();
				break;
			case 'refuse':
				return refuse(request, response, body, fault);
			case 'delay':
				await wait(fault.ms, response);
		}
		const answer = await forward(request, response, body);
		const headers = { ...answer.headers };
		if (fault?.kind === 'incarnation') headers[INCARNATION_HEADER] = fault.name;
		if (fault?.kind === 'date') headers.date = fault.date.toUTCString();
		response.writeHead(answer.statusCode ?? 502, headers);
		if (fault?.kind === 'cut-answer') return cutAnswer(answer, response);
		if (fault?.kind === 'drip') return drip(answer, response, fault);
		response.flushHeaders();
		answer.on('error', () => response.destroy()).pipe(response);
	}

	async function refuse(
		request: IncomingMessage,
		response: ServerResponse,
		body: Buffer,
		{ error, ids }: { error: string; ids: (id: string) => boolean }
	): Promise<void> {
		const batch = JSON.parse(body.toString()) as { docs: { _id: string }[] };
		const docs = batch.docs.filter(({ _id }) => !ids(_id));
		const rest = Buffer.from(JSON.stringify({ ...batch, docs }));
		const headers = { ...request.headers, 'content-length': String(rest.length) };
		const { method, url } = request;
		const answer = await forward({ method, url, headers }, response, rest);
		const said = Buffer.concat(await answer.toArray()).toString();
		if (answer.statusCode !== 201) throw new Error(`The service answered ${said}`);
		const refused = batch.docs.filter(({ _id }) => ids(_id));
		const rows = refused.map(({ _id }) => ({ id: _id, error, reason: 'A test says so.' }));
		response.writeHead(201, { 'content-type': 'application/json' });
		response.end(JSON.stringify([...(JSON.parse(said) as unknown[]), ...rows]));
	}

	function choose(name: string, body: string): Fault | undefined {
		for (const rule of proxy.rules) {
			if (rule.on && !rule.on.test(name)) continue;
			if (rule.body && !rule.body(body)) continue;
			const nth = (met.get(rule) ?? 0) + 1;
			met.set(rule, nth);
			if (rule.nth !== undefined && nth !== rule.nth) continue;
			if (rule.times !== undefined && nth > rule.times) continue;
			if (rule.chance !== undefined && !random.chance(rule.chance)) continue;
			return rule.fault;
		}
		return undefined;
	}

	function forward(
		{ method, url, headers }: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
		response: ServerResponse,
		body: Buffer
	): Promise<IncomingMessage> {
		return new Promise((resolve, reject) => {
			const onwards = sendRequest(
				{ hostname, port, method, path: url, headers, agent: false },
				resolve
			);
			onwards.on('error', reject);
			response.on('close', () => onwards.destroy());
			onwards.end(body);
		});
	}

	function forwardHalf({ method, url, headers }: IncomingMessage, body: Buffer): Promise<void> {
		return new Promise((resolve) => {
			const onwards = sendRequest({ hostname, port, method, path: url, headers, agent: false });
			onwards.on('error', () => resolve());
			onwards.on('response', (answer) => answer.resume().on('close', resolve));
			onwards.write(body.subarray(0, Math.floor(body.length / 2)), () => {
				onwards.destroy();
				resolve();
			});
		});
	}
}

async function cutAnswer(answer: IncomingMessage, response: ServerResponse): Promise<void> {
	const whole = Buffer.concat(await answer.toArray());
	// What was not handed to the network yet would go down with the connection.
	response.write(whole.subarray(0, Math.ceil(whole.length / 2)), () => response.destroy());
}

async function drip(
	answer: IncomingMessage,
	response: ServerResponse,
	{ bytes, ms }: { bytes: number; ms: number }
): Promise<void> {
	for await (const chunk of answer) {
		for (let at = 0; at < (chunk as Buffer).length; at += bytes) {
			response.write((chunk as Buffer).subarray(at, at + bytes));
			await wait(ms, response);
		}
	}
	response.end();
}

/** Resolves after so many milliseconds, or at once when the connection is gone. */
function wait(ms: number, response: ServerResponse): Promise<void> {
	return new Promise((resolve) => {
		const end = (): void => {
			clearTimeout(timer);
			response.off('close', end);
			resolve();
		};
		const timer = setTimeout(end, ms);
		response.on('close', end);
	});
}
