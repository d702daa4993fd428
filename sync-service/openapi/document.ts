import type { ProblemCode } from '#contract/problem.ts';
import { ACCOUNT_OPERATIONS } from '#service/openapi/describe-accounts.ts';
import { ADMIN_OPERATIONS } from '#service/openapi/describe-admin.ts';
import { LEDGER_OPERATIONS } from '#service/openapi/describe-ledger.ts';
import { SESSION_OPERATIONS } from '#service/openapi/describe-sessions.ts';
import { SYNC_OPERATIONS } from '#service/openapi/describe-sync.ts';
import type { Answer, JsonSchema, Operation } from '#service/openapi/operation.ts';
import { toComponents, toSchema } from '#service/openapi/schemas.ts';
import { toStatus } from '#service/plugins/problems.ts';

const DESCRIPTION = `What the app asks of its service, and what programs of yours may.

Everything speaks JSON. A refusal has a code for programs in \`error\` and a sentence for people in \`reason\`. Cookies are good for this service's own pages only; a program sends an email and an app password by HTTP Basic.`;

const OPERATIONS: readonly Operation[] = [
	{
		method: 'GET',
		path: '/api/openapi.json',
		summary: 'This document',
		who: 'anybody',
		answers: { 200: { description: 'OpenAPI 3.1.', schema: { type: 'object' } } }
	},
	...ACCOUNT_OPERATIONS,
	...SESSION_OPERATIONS,
	...LEDGER_OPERATIONS,
	...ADMIN_OPERATIONS,
	...SYNC_OPERATIONS
];

/** What anything may be refused for. */
const ALWAYS: readonly ProblemCode[] = [
	'invalid-request',
	'cross-site',
	'too-many-requests',
	'store-unavailable'
];
const WITH_BODY: readonly ProblemCode[] = ['malformed-json', 'json-required', 'too-large'];
const BY_RIGHT: Record<Operation['who'], readonly ProblemCode[]> = {
	anybody: [],
	session: ['signed-out', 'suspended'],
	'session-or-app-password': ['signed-out', 'suspended', 'invalid-credentials'],
	admin: ['signed-out', 'suspended', 'forbidden']
};
const SECURITY: Record<Operation['who'], object[]> = {
	anybody: [],
	session: [{ session: [] }],
	'session-or-app-password': [{ session: [] }, { appPassword: [] }],
	admin: [{ session: [] }]
};

/** The service's surface as an OpenAPI 3.1 document, from the schemas that requests and answers are checked with. */
export function toOpenApi(): JsonSchema {
	const paths: Record<string, JsonSchema> = {};
	for (const operation of OPERATIONS) {
		const path = (paths[operation.path] ??= toPath(operation.path));
		path[operation.method.toLowerCase()] = toOperation(operation);
	}
	return {
		openapi: '3.1.1',
		info: { title: 'Outlay', version: '1', description: DESCRIPTION, license: { name: 'MIT' } },
		servers: [{ url: '/' }],
		paths,
		components: {
			schemas: toComponents(),
			securitySchemes: {
				session: {
					type: 'apiKey',
					in: 'cookie',
					name: '__Host-outlay-session',
					description: 'Set by signing in. Over plain http it is called `outlay-session`.'
				},
				appPassword: {
					type: 'http',
					scheme: 'basic',
					description:
						'The email of the account and an app password. Where a session is sent along it is not looked at.'
				}
			}
		}
	};
}

function toPath(path: string): JsonSchema {
	const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
	if (names.length === 0) return {};
	const parameters = names.map((name) => ({
		name,
		in: 'path',
		required: true,
		schema: { type: 'string' }
	}));
	return { parameters };
}

function toOperation(operation: Operation): JsonSchema {
	const { summary, description, who, parameters, body, answers } = operation;
	return {
		summary,
		...(description !== undefined && { description }),
		tags: [operation.path.split('/')[1] === 'sync' ? 'sync' : (operation.path.split('/')[2] ?? '')],
		security: SECURITY[who],
		...(parameters && { parameters }),
		...(body && { requestBody: { required: true, ...toContent(toSchema(body)) } }),
		responses: {
			...Object.fromEntries(
				Object.entries(answers).map(([status, answer]) => [status, toResponse(answer)])
			),
			...toRefusals(operation),
			default: { description: 'Anything else.', ...toContent(PROBLEM) }
		}
	};
}

const PROBLEM = { $ref: '#/components/schemas/Problem' };

function toResponse({ description, schema }: Answer): JsonSchema {
	return { description, ...(schema && toContent(toSchema(schema))) };
}

/** One response a status, with the codes it may have. */
function toRefusals({ who, body, problems = [] }: Operation): Record<string, JsonSchema> {
	const codes = [...ALWAYS, ...BY_RIGHT[who], ...(body ? WITH_BODY : []), ...problems];
	const byStatus = Map.groupBy(new Set(codes), toStatus);
	return Object.fromEntries(
		[...byStatus].map(([status, some]) => [
			status,
			{
				description: some.map((code) => `\`${code}\``).join(', '),
				...((status === 429 || status === 503) && { headers: RETRY_AFTER }),
				...toContent({ allOf: [PROBLEM, { properties: { error: { enum: some } } }] })
			}
		])
	);
}

const RETRY_AFTER = {
	'Retry-After': {
		description: 'After how many seconds it makes sense to try again.',
		schema: { type: 'integer' }
	}
};

function toContent(schema: JsonSchema): JsonSchema {
	return { content: { 'application/json': { schema } } };
}
