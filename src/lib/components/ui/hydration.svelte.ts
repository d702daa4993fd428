/**
 * Whether the page listens yet. A prerendered form is visible before its code has arrived; sent then, it
 * would go to the server and take what was typed along. So its button waits.
 */
export const hydration = $state({ done: false });
