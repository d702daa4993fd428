/* eslint-disable @typescript-eslint/explicit-module-boundary-types -- each gives the module that it names */
/** What a first visit does not need, in two steps: see `settings/late-parts.ts`. */
export const monthBody = () => import('./MonthBody.svelte');
export const latest = () => import('#lib/components/transaction/LatestEntries.svelte');
export const attention = () => import('#lib/components/home/Attention.svelte');
export const budgets = () => import('#lib/components/home/month-budgets.ts');
export const underway = () => import('#lib/components/sync/Underway.svelte');
export const strip = () => import('./DemonstrationStrip.svelte');
