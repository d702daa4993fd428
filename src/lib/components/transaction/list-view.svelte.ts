/** How many entries a list begins with, and how many it adds when its end comes near. */
const FIRST = 100;
const MORE = 200;

/** What of the list is looked at. It outlives the page, so that who comes back finds the place again. */
class ListView {
	#query = $state('');
	#shown = $state(FIRST);

	get query(): string {
		return this.#query;
	}

	set query(text: string) {
		this.#query = text;
		this.#shown = FIRST;
	}

	/** How many entries are on screen, at most. */
	get shown(): number {
		return this.#shown;
	}

	showMore(): void {
		this.#shown += MORE;
	}

	/** Begins anew at the top. */
	reset(): void {
		this.query = '';
	}
}

export const listView = new ListView();
