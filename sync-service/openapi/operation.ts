import type { $ZodType } from 'zod/v4/core';
import type { ProblemCode } from '#contract/problem.ts';

/** One thing that can be asked of the service. */
export interface Operation {
	method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	/** As OpenAPI writes it: `/api/sessions/{id}`. */
	path: string;
	summary: string;
	description?: string;
	who: 'anybody' | 'session' | 'session-or-app-password' | 'admin';
	parameters?: Parameter[];
	body?: Schema;
	/** By status. */
	answers: Record<number, Answer>;
	/** What it may be refused for, beside what anything may be refused for. */
	problems?: ProblemCode[];
}

export interface Parameter {
	name: string;
	in: 'path' | 'query';
	description?: string;
	schema: JsonSchema;
}

export interface Answer {
	description: string;
	schema?: Schema;
}

/** A schema of the contract, or what has none there. */
export type Schema = $ZodType | JsonSchema;

export type JsonSchema = Record<string, unknown> & { _zod?: never };
