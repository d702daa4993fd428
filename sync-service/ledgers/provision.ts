/** Makes and removes databases: the only administrative thing the service does to a store. */
export interface Provisioner {
	/**
	 * Creates a database; `'exists'` when it is there already, `'full'` when the store holds as many
	 * as it can. @throws {StoreUnavailable}
	 */
	createDatabase(name: string): Promise<'created' | 'exists' | 'full'>;
	/** Removes a database and everything in it; one that is gone is fine. @throws {StoreUnavailable} */
	destroyDatabase(name: string): Promise<void>;
}
