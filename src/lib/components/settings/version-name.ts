import { momentName } from '#lib/components/calendar/day-words.ts';

/** What a build is called: by when it was made, unless whoever made it gave it a name. */
export function versionName(version: string): string {
	const madeAt = Date.parse(version);
	return version.endsWith('Z') && !Number.isNaN(madeAt) ? `of ${momentName(madeAt)}` : version;
}
