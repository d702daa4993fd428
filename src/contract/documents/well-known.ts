/** The stamp of what every device computes alike: starting categories, the first account, preferences. */
export const ZERO_STAMP = '000000000000000-0000-0000000000';

/** The one document of the ledger's preferences. */
export const PREFERENCES_ID = 'preferences:ledger';
