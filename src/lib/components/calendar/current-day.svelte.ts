import { today } from '#lib/domain/calendar-day.ts';

/**
 * The day on this device's wall, kept right over midnight and after sleep. `undefined` until the page
 * lives: a prerendered page must not hold the day it was built on.
 */
class CurrentDay {
	#day = $state.raw<string>();

	get day(): string | undefined {
		return this.#day;
	}

	/** Begins to watch; the root layout does it once. Gives back how to stop. */
	watch(): () => void {
		const look = () => (this.#day = today());
		look();
		const timer = setInterval(look, 30_000);
		document.addEventListener('visibilitychange', look);
		return () => {
			clearInterval(timer);
			document.removeEventListener('visibilitychange', look);
		};
	}
}

export const currentDay = new CurrentDay();
