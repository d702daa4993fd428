import { expect } from 'vitest';
import { Problem } from '#contract/problem.ts';

/** Expects that answer of the service's to be a refusal. @returns its sentence */
export async function expectProblem(
	answer: Response,
	status: number,
	error: string
): Promise<string> {
	const problem = Problem.parse(await answer.json());
	expect({ status: answer.status, error: problem.error }).toEqual({ status, error });
	expect(answer.headers.get('content-type')).toContain('application/json');
	return problem.reason;
}
