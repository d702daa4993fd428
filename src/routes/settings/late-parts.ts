/* eslint-disable @typescript-eslint/explicit-module-boundary-types -- each gives the module that it names */
/**
 * The parts of the settings that few visits need. They are loaded in two steps, for Kit has a page load the styles of
 * whatever is one step away from it.
 */
export const operations = () => import('./OperationsSection.svelte');
export const starting = () => import('#lib/StartingFields.svelte');
export const trash = () => import('./TrashSection.svelte');
export const unreadable = () => import('#lib/components/settings/UnreadablePanel.svelte');
export const signOut = () => import('./SignOut.svelte');
export const part = () => import('./Part.svelte');
export const keys = () => import('#lib/components/shell/KeysDialog.svelte');
