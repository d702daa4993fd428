import type { AllowedRequest } from '#service/replication/allowed-requests.ts';

const LEDGER = '/sync/:ledger';

/** The pattern of what a device asks, with nothing in it that names a ledger or what is in it. */
export function nameRequest(allowed: AllowedRequest): string {
	switch (allowed.kind) {
		case 'service':
			return '/sync/';
		case 'ledger':
			return LEDGER;
		case 'checkpoint':
			return `${LEDGER}/_local/:id`;
		case 'changes':
			return `${LEDGER}/_changes`;
		case 'longpoll':
			return `${LEDGER}/_changes?feed=longpoll`;
		case 'commit':
			return `${LEDGER}/_ensure_full_commit`;
		case 'bulk':
			return `${LEDGER}/${allowed.path}`;
		case 'document':
			return `${LEDGER}/:id`;
	}
}
