import * as z from 'zod/mini';
import * as accounts from '#contract/account.ts';
import * as admin from '#contract/admin.ts';
import * as appPasswords from '#contract/app-password.ts';
import * as ledgerExport from '#contract/export.ts';
import { Problem } from '#contract/problem.ts';
import type { JsonSchema, Schema } from '#service/openapi/operation.ts';

const NAMED = new Map<unknown, string>(
	Object.entries({ ...accounts, ...admin, ...appPasswords, ...ledgerExport, Problem })
		.filter(([, value]) => isZod(value))
		// Two names of one schema: the first stands.
		.reverse()
		.map(([name, schema]) => [schema, name])
);

/** The contract's schemas as JSON Schema, by their names, with references to each other. */
export function toComponents(): Record<string, JsonSchema> {
	const registry = z.registry<{ id: string }>();
	for (const [schema, id] of NAMED) registry.add(schema as z.ZodMiniType, { id });
	const { schemas } = z.toJSONSchema(registry, { uri: toReference, io: 'input' });
	return Object.fromEntries(
		Object.entries(schemas)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([name, { $schema: _dialect, $id: _id, ...schema }]) => [name, schema as JsonSchema])
	);
}

/** A schema where it is used: the contract's by its name. @throws {Error} for one that has none */
export function toSchema(schema: Schema): JsonSchema {
	if (!isZod(schema)) return schema as JsonSchema;
	const name = NAMED.get(schema);
	if (name === undefined) throw new Error('A schema that is described is not of the contract.');
	return { $ref: toReference(name) };
}

function toReference(name: string): string {
	return `#/components/schemas/${name}`;
}

function isZod(value: unknown): boolean {
	return typeof value === 'object' && value !== null && '_zod' in value;
}
