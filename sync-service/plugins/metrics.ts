import { createServer, type Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { GONE } from '#service/plugins/request-log.ts';
import { toRouteName } from '#service/plugins/route-name.ts';

/** Seconds, as Prometheus counts. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What Prometheus is told. No label ever holds an id, an address or an email. */
export interface Metrics {
	/** Counts what `app` answers, and reads how many longpolls are parked whenever it is asked. */
	watch(app: FastifyInstance, countParked: () => number): void;
	/** A number that is read whenever Prometheus asks; a counter's never becomes less. */
	add(kind: 'gauge' | 'counter', name: string, help: string, count: () => number): void;
	/** Reads how many more databases each placement takes, whenever it is asked. */
	watchRoom(countLeft: () => Promise<{ placement: string; left: number }[]>): void;
	/** Counts one more that a limit held back; limits are a dozen. */
	countHeldBack(limit: string): void;
	/** Where more may be registered. */
	readonly registry: Registry;
	/** The text that Prometheus reads. */
	read(): Promise<string>;
}

export function createMetrics(): Metrics {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry });
	const registers = [registry];
	const labelNames = ['method', 'route', 'status'] as const;
	const requests = new Counter({
		name: 'outlay_requests_total',
		help: 'Requests answered.',
		labelNames,
		registers
	});
	const seconds = new Histogram({
		name: 'outlay_request_seconds',
		help: 'Time from a request to the end of its answer; longpolls are parked meanwhile.',
		labelNames: ['method', 'route'] as const,
		buckets: BUCKETS,
		registers
	});
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
		watch(app, countParked) {
			app.addHook('onResponse', async (request, reply) => {
				// The route's pattern: the address itself names a ledger.
				const route = toRouteName(request);
				const { method } = request;
				requests.inc({ method, route, status: reply.statusCode });
				seconds.observe({ method, route }, reply.elapsedTime / 1000);
			});
			app.onGone((request) => {
				requests.inc({ method: request.method, route: toRouteName(request), status: GONE });
			});
			add(
				'gauge',
				'outlay_parked_longpolls',
				'Longpolls between their first read and their answer.',
				countParked
			);
		},
		watchRoom(countLeft) {
			new Gauge({
				name: 'outlay_placement_databases_left',
				help: 'Databases a placement has room for; absent where it is not bounded or does not answer.',
				labelNames: ['placement'] as const,
				registers,
				async collect() {
					const counts = await countLeft();
					this.reset();
					for (const { placement, left } of counts) this.set({ placement }, left);
				}
			});
		},
		countHeldBack: (limit) => heldBack.inc({ limit }),
		registry,
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
