import { readFilterAddress } from '#lib/domain/ledger/filter-address.ts';
import type { EntryFilter } from '#lib/domain/ledger/select.ts';

/** What of the list is looked at. It outlives the page, so that who comes back finds the place again. */
class ListView {
	filter = $state.raw<EntryFilter>({});

	get text(): string {
		return this.filter.text ?? '';
	}

	set text(text: string) {
		this.filter = { ...this.filter, text };
	}

	/** Takes what the address asks for. */
	follow(address: string): void {
		this.filter = readFilterAddress(address);
	}

	/** Begins anew at the top. */
	reset(): void {
		this.filter = {};
	}
}

export const listView = new ListView();
