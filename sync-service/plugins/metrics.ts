import { createServer, type Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { GONE } from '#service/plugins/request-log.ts';
import { toRouteName } from '#service/plugins/route-name.ts';

/** Seconds, as Prometheus counts. */
const BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** A metric's name, and what it is for a person. */
export interface Named {
	name: string;
	help: string;
}

export interface ByPlacement {
	placement: string;
	count: number;
}

export interface Timed<Label extends string> {
	/** @param seconds absent: it came to no end, and is counted alone */
	note(labels: Record<Label, string>, outcome: string | number, seconds?: number): void;
}

/** What Prometheus is told. No label ever holds an id, an address or an email. */
export interface Metrics {
	/** Counts what `app` answers, and reads how many longpolls are parked whenever it is asked. */
	watch(app: FastifyInstance, countParked: () => number): void;
	/** A number that is read whenever Prometheus asks; a counter's never becomes less. */
	add(kind: 'gauge' | 'counter', name: string, help: string, count: () => number): void;
	/** The same, a gauge for each placement that `count` knows one of. */
	addByPlacement(
		name: string,
		help: string,
		count: () => ByPlacement[] | Promise<ByPlacement[]>
	): void;
	/** Two of what takes time: how long it took by `labels`, and how often by them and by what came of it. */
	time<Label extends string>(
		seconds: Named,
		total: Named,
		labels: readonly Label[],
		outcome: string
	): Timed<Label>;
	/** Counts one more that a limit held back; limits are a dozen. */
	countHeldBack(limit: string): void;
	/** The text that Prometheus reads. */
	read(): Promise<string>;
}

export function createMetrics(): Metrics {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry });
	const registers = [registry];

	function time<Label extends string>(
		seconds: Named,
		total: Named,
		labels: readonly Label[],
		outcome: string
	): Timed<Label> {
		const took = new Histogram<string>({
			...seconds,
			labelNames: labels,
			buckets: BUCKETS,
			registers
		});
		const ended = new Counter<string>({ ...total, labelNames: [...labels, outcome], registers });
		return {
			note(of, came, seconds) {
				if (seconds !== undefined) took.observe(of, seconds);
				ended.inc({ ...of, [outcome]: came });
			}
		};
	}

	const requests = time(
		{
			name: 'outlay_request_seconds',
			help: 'Time from a request to the end of its answer; longpolls are parked meanwhile.'
		},
		{ name: 'outlay_requests_total', help: 'Requests answered.' },
		['method', 'route'],
		'status'
	);
	const heldBack = new Counter({
		name: 'outlay_held_back_total',
		help: 'Requests answered 429, by the limit that was reached.',
		labelNames: ['limit'] as const,
		registers
	});
	function add(kind: 'gauge' | 'counter', name: string, help: string, count: () => number): void {
		const options = { name, help, registers };
		if (kind === 'gauge')
			new Gauge({
				...options,
				collect() {
					this.set(count());
				}
			});
		else
			new Counter({
				...options,
				collect() {
					this.reset();
					this.inc(count());
				}
			});
	}

	return {
		add,
		time,
		watch(app, countParked) {
			app.addHook('onResponse', async (request, reply) => {
				// The route's pattern: the address itself names a ledger.
				const route = toRouteName(request);
				const { method } = request;
				requests.note({ method, route }, reply.statusCode, reply.elapsedTime / 1000);
			});
			app.onGone((request) => {
				requests.note({ method: request.method, route: toRouteName(request) }, GONE);
			});
			add(
				'gauge',
				'outlay_parked_longpolls',
				'Longpolls between their first read and their answer.',
				countParked
			);
		},
		addByPlacement(name, help, count) {
			new Gauge({
				name,
				help,
				labelNames: ['placement'] as const,
				registers,
				async collect() {
					const counts = await count();
					this.reset();
					for (const { placement, count } of counts) this.set({ placement }, count);
				}
			});
		},
		countHeldBack: (limit) => heldBack.inc({ limit }),
		read: () => registry.metrics()
	};
}

/** Serves `/metrics` and nothing else, on a listener of its own that no proxy leads to. */
export function serveMetrics(metrics: Metrics): Server {
	return createServer((request, response) => {
		if (request.method !== 'GET' || request.url !== '/metrics') {
			response.writeHead(404).end();
			return;
		}
		metrics.read().then(
			(text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text),
			() => response.writeHead(500).end()
		);
	});
}
