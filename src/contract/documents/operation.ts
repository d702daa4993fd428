import * as z from 'zod/mini';
import { documentFields } from './ledger-document.ts';
import { Stamp } from './stamp.ts';

/**
 * One deliberate step that wrote many documents: an import, a bulk edit, an emptied list. It is what makes
 * undo durable: any device can take the step back later, by the stamps that it wrote.
 */
export const Operation = z.looseObject({
	...documentFields,
	type: z.literal('operation'),
	kind: z.enum(['import', 'edit', 'trash', 'restore', 'undo']),
	/** What a person calls it, for example the file's name. */
	label: z.string(),
	/** The stamps of every field that the step wrote; more than one where somebody wrote in between. */
	wrote: z.array(Stamp),
	/** The documents it wrote; `null` = too many to list, they are found by the stamps. */
	ids: z.nullable(z.array(z.string())),
	/** How many entries it wrote. */
	entries: z.int().check(z.gte(0)),
	/** The operation that this one took back; `null` for all but `undo`. */
	undoes: z.nullable(z.string()),
	/** The operation that took this one back; `null` = it stands. */
	undoneBy: z.nullable(z.string())
});
export type Operation = z.infer<typeof Operation>;
