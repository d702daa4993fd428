import { existsSync } from 'node:fs';
import { type Config, readConfig } from '#service/config.ts';
import { StoreUnavailable } from '#service/couch/client.ts';
import { CredentialMissing } from '#service/couch/cloudant-credentials.ts';
import { StoreBusy } from '#service/couch/embedded/store-lock.ts';
import { PlacementsRefused } from '#service/placements-config.ts';

/** What a command of the operator's has done; a sentence in `problem` where it could not. */
export type Outcome = { said: string } | { problem: string };

/**
 * Runs a command in the service's own environment, and says what came of it: on stdout what was done, on stderr
 * what was wrong, with exit code 1.
 *
 * @param asked what the arguments ask for; `undefined`: nothing that is understood, and `usage` says what would be
 */
export async function runCommand<Asked>(
	usage: string,
	asked: Asked | undefined,
	work: (asked: Asked, config: Config) => Promise<Outcome>
): Promise<void> {
	const outcome = await run(usage, asked, work).catch((error: unknown) => ({
		problem: toSentence(error)
	}));
	if ('said' in outcome) process.stdout.write(`${outcome.said}\n`);
	else {
		process.stderr.write(`${outcome.problem}\n`);
		process.exitCode = 1;
	}
}

async function run<Asked>(
	usage: string,
	asked: Asked | undefined,
	work: (asked: Asked, config: Config) => Promise<Outcome>
): Promise<Outcome> {
	if (asked === undefined) return { problem: usage };
	const verdict = readConfig(process.env);
	if (!verdict.ok) return { problem: verdict.sentences.join('\n') };
	const { config } = verdict;
	const isElsewhere = config.couchUrl !== undefined || config.cloudant !== undefined;
	if (!isElsewhere && !existsSync(config.dataDir)) {
		return { problem: `DATA_DIR ${config.dataDir} is not there: start the service first.` };
	}
	return work(asked, config);
}

/** For a person; what is not foreseen keeps its stack. No message of ours holds a credential. */
function toSentence(error: unknown): string {
	if (error instanceof StoreBusy || error instanceof CredentialMissing) return error.message;
	if (error instanceof PlacementsRefused) return error.message;
	if (error instanceof StoreUnavailable) return `The store cannot be used: ${error.message}.`;
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
