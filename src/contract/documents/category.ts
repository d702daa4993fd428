import * as z from 'zod/mini';
import { documentFields } from './ledger-document.ts';

/** What money was spent on or came from. Two levels: a category with a parent has no children. */
export const Category = z.looseObject({
	...documentFields,
	type: z.literal('category'),
	name: z.string(),
	parentId: z.nullable(z.string()),
	/** A name out of the app's own icon set; an unknown one is shown as a dot. */
	icon: z.string(),
	/** One of the eight series colours, 1–8, or 0 for the neutral one. */
	colour: z.int(),
	order: z.number(),
	archived: z.boolean()
});
export type Category = z.infer<typeof Category>;
