/* eslint-disable @typescript-eslint/explicit-module-boundary-types -- each gives the module that it names */
/**
 * The parts of an entry's form that few entries or few people need. They are loaded in two steps, for Kit has a page load the
 * styles of whatever is one step away from it.
 */
export const fillIn = () => import('#lib/domain/fill-in.ts');
export const latestEntries = () => import('./LatestEntries.svelte');
export const splitEditor = () => import('./SplitEditor.svelte');
export const tagField = () => import('./TagField.svelte');
export const transferFields = () => import('./TransferFields.svelte');
export const whyOrder = () => import('./WhyOrder.svelte');
