/* eslint-disable @typescript-eslint/explicit-module-boundary-types -- each gives the module that it names */
/**
 * The parts of an entry's form that few entries need. They are loaded in two steps, for Kit has a page load the
 * styles of whatever is one step away from it.
 */
export const splitEditor = () => import('./SplitEditor.svelte');
export const tagField = () => import('./TagField.svelte');
export const transferFields = () => import('./TransferFields.svelte');
