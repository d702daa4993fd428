/** Makes and removes databases: the only administrative thing the service does to a store. */
export interface Provisioner {
	/**
	 * Creates a database; one that is there already is fine. `'full'` when the store holds as many as
	 * it can. @throws {StoreUnavailable}
	 */
	createDatabase(name: string): Promise<'created' | 'full'>;
	/** Removes a database and everything in it; one that is gone is fine. @throws {StoreUnavailable} */
	destroyDatabase(name: string): Promise<void>;
	/** How many databases there are, whoever's; the store's own are not counted. @throws {StoreUnavailable} */
	countDatabases(): Promise<number>;
}
