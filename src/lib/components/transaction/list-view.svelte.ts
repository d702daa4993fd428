/** What of the list is looked at. It outlives the page, so that who comes back finds the place again. */
class ListView {
	query = $state('');

	/** Begins anew at the top. */
	reset(): void {
		this.query = '';
	}
}

export const listView = new ListView();
