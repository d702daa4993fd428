import Fastify, { type FastifyInstance } from 'fastify';
import { addAppPasswordRoutes } from '#service/access/app-password-routes.ts';
import { createAppPasswords } from '#service/access/app-passwords.ts';
import { addBasic } from '#service/access/basic.ts';
import { addAccountRoutes } from '#service/accounts/account-routes.ts';
import { followAccounts } from '#service/accounts/account-feed.ts';
import { type AccountOptions, openAccounts } from '#service/accounts/open-accounts.ts';
import { DEFAULT_LIMITS } from '#service/accounts/limits.ts';
import { addRecoveryCodeRoutes } from '#service/accounts/recovery-code-routes.ts';
import { ACCOUNTS_DATABASE, openRows } from '#service/accounts/rows.ts';
import { addSessionRoutes } from '#service/accounts/session-routes.ts';
import { createSweep } from '#service/accounts/sweep.ts';
import { addAdminRoutes } from '#service/admin/admin-routes.ts';
import { createAdmins } from '#service/admin/admins.ts';
import { createInvites } from '#service/admin/invites.ts';
import type { CouchClient } from '#service/couch/client.ts';
import { addExportRoutes } from '#service/export/export-routes.ts';
import { createLastSync } from '#service/ledgers/last-sync.ts';
import {
	createLedgerDatabases,
	type LedgerDatabaseOptions
} from '#service/ledgers/ledger-databases.ts';
import { createLedgerStore, type LedgerMemory, MEMORY } from '#service/ledgers/ledger-store.ts';
import { type Placements, toOnlyPlacement } from '#service/ledgers/placements.ts';
import {
	createQuotaStore,
	DEFAULT_QUOTA,
	type LedgerQuota,
	type QuotaStore
} from '#service/ledgers/quota.ts';
import type { Provisioner } from '#service/ledgers/provision.ts';
import { joinPeers } from '#service/peers/join-peers.ts';
import type { Peers } from '#service/peers/peers.ts';
import { addOpenApi } from '#service/openapi/openapi-route.ts';
import { endMoved } from '#service/replication/end-moved.ts';
import { addDraining } from '#service/plugins/draining.ts';
import { addHealth } from '#service/plugins/health.ts';
import { addCookies } from '#service/plugins/cookies.ts';
import { addJsonBodies } from '#service/plugins/json-bodies.ts';
import { addJsonRequired } from '#service/plugins/json-required.ts';
import { type LogLevel, toLogging } from '#service/plugins/logging.ts';
import type { Metrics } from '#service/plugins/metrics.ts';
import { addOriginCheck } from '#service/plugins/origin-check.ts';
import { addPages } from '#service/plugins/pages.ts';
import { addPlainRequests, answerBrokenRequest } from '#service/plugins/plain-requests.ts';
import { addProblemHandler, answerFrameworkError } from '#service/plugins/problem-handler.ts';
import { addRateLimits } from '#service/plugins/rate-limits.ts';
import { addRequestIds, requestIdsFor } from '#service/plugins/request-ids.ts';
import { addRequestLog, RequestLog } from '#service/plugins/request-log.ts';
import { addRouteNames } from '#service/plugins/route-name.ts';
import { addServiceMetrics } from '#service/plugins/service-metrics.ts';
import { type PublicAddress, toTrust } from '#service/plugins/secure-origin.ts';
import { addSecurityHeaders } from '#service/plugins/security-headers.ts';
import { addSession } from '#service/plugins/session.ts';
import { addWellKnown } from '#service/plugins/well-known.ts';
import type { RequestLimits } from '#service/replication/allowed-requests.ts';
import { BodyIntake, type IntakeLimits } from '#service/replication/body-intake.ts';
import { addGateway } from '#service/replication/gateway.ts';
import { addSyncMetrics } from '#service/replication/sync-metrics.ts';
import { ParkedLongpolls } from '#service/replication/parked-longpolls.ts';
import { Room, type RoomLimits } from '#service/replication/room.ts';

/** What the service is built from; whatever is optional has a default for real use. */
export interface AppParts extends PublicAddress, AccountOptions {
	/** The store of accounts, and of everything where nothing else is set up. */
	client: CouchClient;
	provisioner: Provisioner;
	/** Where ledgers may be; absent: in that store. */
	placements?: Placements | undefined;
	/** Days after which a ledger that was never written to gives its database back; 0, or absent: never. */
	releaseUnusedDays?: number;
	/** How long a placement that is away keeps others waiting. */
	making?: Pick<LedgerDatabaseOptions, 'makeMs' | 'restMs'>;
	/** How long is believed what a ledger's row said. */
	ledgerMemory?: Partial<LedgerMemory>;
	/** The folder of the built pages, absolute. */
	pagesFolder: string;
	/** The database of accounts, sessions and ledger rows. */
	accountsDatabase?: string;
	logLevel?: LogLevel;
	/** Told of every request; absent: nobody counts. */
	metrics?: Metrics | undefined;
	/** The other processes, begun and stopped with this one; absent: there are none. */
	peers?: Peers | undefined;
	longpolls?: Partial<RequestLimits & { recheckMs: number }>;
	intake?: Partial<IntakeLimits>;
	/** What a ledger may hold where nothing else is set for it. */
	quota?: LedgerQuota;
	quotas?: QuotaStore;
	/** Whom to tell of a weakness; see `addWellKnown`. */
	securityContact?: string | undefined;
	/** Milliseconds for which notes of when ledgers were synced are gathered. */
	lastSyncMs?: number;
	room?: Partial<RoomLimits>;
}

/** Milliseconds a whole request may take to arrive: 8 MB over a slow phone. */
const REQUEST_MS = 300_000;

const LONGPOLLS = { longpollMs: 60_000, heartbeatLongpollMs: 15 * 60_000, recheckMs: 3_000 };

/** Puts the service together; it answers once somebody makes it listen. */
export async function buildApp(parts: AppParts): Promise<FastifyInstance> {
	const { client, provisioner } = parts;
	const placements = parts.placements ?? toOnlyPlacement({ client, provisioner });
	const address = { publicUrl: parts.publicUrl, trustProxy: parts.trustProxy };
	const longpolls = { ...LONGPOLLS, ...parts.longpolls };
	const rows = openRows(client, provisioner, parts.accountsDatabase ?? ACCOUNTS_DATABASE);
	const invites = createInvites(rows);
	const onHeldBack = (limit: string) => parts.metrics?.countHeldBack(limit);
	const databases = createLedgerDatabases(rows, placements, {
		...parts.making,
		onFull: (full) =>
			app.log.error({ placements: full }, 'every placement is full: nobody can join')
	});
	const accounts = openAccounts(rows, placements, {
		...parts,
		onHeldBack,
		databases,
		invites: parts.invites ?? invites,
		removeWithAccount: [({ id }) => admins.forget(id), ...(parts.removeWithAccount ?? [])]
	});
	const admins = createAdmins(accounts.accounts);
	const { endings, sessions } = accounts;
	const appPasswords = createAppPasswords(rows, endings);
	const parked = new ParkedLongpolls(longpolls.recheckMs);
	const memory = { ...MEMORY, ...parts.ledgerMemory };
	const own = {
		endings,
		parked,
		ledgers: endMoved(createLedgerStore(rows, placements, databases, memory), parked)
	};
	const { ledgers, written } = joinPeers(parts.peers, own);
	const intake = new BodyIntake(parts.intake);
	const quotas = parts.quotas ?? createQuotaStore(ledgers, parts.quota ?? DEFAULT_QUOTA);
	const room = new Room(quotas, parts.room);

	const app = Fastify({
		logger: toLogging(parts.logLevel ?? 'warn'),
		logController: new RequestLog(),
		genReqId: requestIdsFor(address),
		trustProxy: toTrust(address),
		requestTimeout: REQUEST_MS,
		// What is left once draining is over is cut; a request on an open connection until then is
		// answered like any other.
		forceCloseConnections: true,
		return503OnClosing: false,
		exposeHeadRoutes: false,
		routerOptions: { maxParamLength: 16_384 },
		// Refused by us, in JSON.
		http: { requireHostHeader: false },
		frameworkErrors: answerFrameworkError,
		clientErrorHandler: answerBrokenRequest
	});

	const feed = followAccounts(
		rows,
		endings,
		// Not told on: whoever wrote the row has, and the others look themselves.
		own.ledgers.forget,
		() => parked.size > 0,
		(error) => app.log.error({ err: error }, 'endings elsewhere were not heard of')
	);
	const sweep = createSweep(
		accounts,
		(error) => app.log.warn({ err: error }, 'a sweep ended early'),
		{ afterDays: parts.releaseUnusedDays ?? 0, settleMs: memory.leaseMs + 1_000 }
	);
	const lastSync = createLastSync(
		rows,
		(error) => app.log.warn({ err: error }, 'a sync was not noted'),
		parts.lastSyncMs
	);
	app.addHook('onReady', async () => {
		void feed.begin();
		sweep.start();
		await parts.peers?.begin();
	});
	app.addHook('onClose', async () => {
		await parts.peers?.stop();
		feed.stop();
		sweep.stop();
		lastSync.stop();
	});

	addDraining(app, () => parked.drain());
	addRouteNames(app);
	addRequestLog(app);
	addRequestIds(app);
	parts.metrics?.watch(app, () => parked.size);
	if (parts.metrics) addSyncMetrics(parts.metrics, parked, parts.peers);
	if (parts.metrics) addServiceMetrics(parts.metrics, { placements, databases, sessions, intake });
	addProblemHandler(app);
	addPlainRequests(app);
	addJsonRequired(app);
	addJsonBodies(app);
	await addSecurityHeaders(app, address);
	await addCookies(app);
	addOriginCheck(app, address);
	await addRateLimits(app, parts.limits?.requests ?? DEFAULT_LIMITS.requests, onHeldBack);
	addSession(app, sessions, address);
	addBasic(app, accounts, appPasswords);

	addOpenApi(app);
	addHealth(app, client);
	addAccountRoutes(app, accounts, address);
	addSessionRoutes(app, accounts, address);
	addRecoveryCodeRoutes(app, accounts);
	addAppPasswordRoutes(app, accounts.accounts, appPasswords);
	addExportRoutes(app, { ledgers });
	await addAdminRoutes(app, {
		accounts: accounts.accounts,
		endings,
		ledgers,
		admins,
		invites,
		placements,
		// As a warning, for that is what a log has of a service that runs well.
		note: (action) => app.log.warn(action, 'an admin acted')
	});
	const gateway = { endings, ledgers, parked, written, intake, room, lastSync };
	await addGateway(app, gateway, longpolls);
	addWellKnown(app, parts.securityContact);
	await addPages(app, parts.pagesFolder);
	return app;
}
