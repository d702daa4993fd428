import * as z from 'zod/mini';

/**
 * When and where a field was last set: `<ms>-<counter>-<device>`, from a hybrid logical clock
 * (Kulkarni et al., "Logical Physical Clocks", 2014).
 *
 * - `ms`: 15 decimal digits, milliseconds since the Unix epoch;
 * - `counter`: 4 base-36 digits, ordering stamps within one millisecond;
 * - `device`: 10 base-36 characters, random for each browser profile.
 *
 * Every part has a fixed width, so plain string comparison is chronological order. A *computed* stamp
 * (of a document the app itself derives) has the `ms` part zero, so it sorts below every typed one;
 * it may carry the stamp of the rule it was derived from, which orders computed stamps among themselves.
 */
export const Stamp = z
	.string()
	.check(
		z.regex(/^(?:\d{15}-[0-9a-z]{4}-[0-9a-z]{10}|0{15}-\d{15}-[0-9a-z]{4}-[0-9a-z]{10})$/, 'stamp')
	);
export type Stamp = z.infer<typeof Stamp>;
