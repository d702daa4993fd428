/* eslint-disable @typescript-eslint/explicit-module-boundary-types -- each gives the module that it names */
/**
 * The parts of the list that few visits need. They are loaded in two steps, for Kit has a page load the styles of
 * whatever is one step away from it.
 */
export const listActions = () => import('./ListActions.svelte');
export const filterBar = () => import('./FilterBar.svelte');
export const listFilter = () => import('#lib/components/transaction/ListFilter.svelte');
export const underway = () => import('#lib/components/sync/Underway.svelte');
