import type { Workbox } from 'workbox-window';

const HOUR = 3_600_000;
/** Coming back to the page asks for news, but not at every glance. */
const GLANCE = 60_000;

/** Whether a new version of the app waits, and the way to it. It never comes unasked. */
export class AppUpdate {
	#waiting = $state(false);
	#putOff = $state(false);
	#workbox: Workbox | undefined;
	#accepted = false;
	#takenOver = false;

	/** A new version is there and nobody has put it off since. */
	get offered(): boolean {
		return this.#waiting && !this.#putOff;
	}

	/** A new version is there. */
	get ready(): boolean {
		return this.#waiting;
	}

	/**
	 * Registers the service worker, and looks for a new version every hour and when one comes back to the
	 * page. Gives back how to stop.
	 */
	watch(): () => void {
		if (!('serviceWorker' in navigator)) return () => {};
		let lookedAt = Date.now();
		const look = () => {
			lookedAt = Date.now();
			// Offline there is no news: the next look will tell.
			this.#workbox?.update().catch(() => {});
		};
		const glance = () => {
			if (document.visibilityState === 'visible' && Date.now() - lookedAt > GLANCE) look();
		};
		// Private windows and some embedded browsers allow none: the app works without it, online.
		this.#register().catch(() => {});
		const timer = setInterval(look, HOUR);
		document.addEventListener('visibilitychange', glance);
		window.addEventListener('focus', glance);
		return () => {
			clearInterval(timer);
			document.removeEventListener('visibilitychange', glance);
			window.removeEventListener('focus', glance);
		};
	}

	async #register(): Promise<void> {
		const { Workbox } = await import('workbox-window');
		const workbox = new Workbox('/service-worker.js', { updateViaCache: 'none' });
		this.#workbox = workbox;
		workbox.addEventListener('waiting', () => {
			this.#waiting = true;
			this.#putOff = false;
		});
		// Only the tab in which *Update* was pressed reloads. The others run the old code under the new
		// worker by then; they go on until they are asked.
		workbox.addEventListener('controlling', ({ isUpdate }) => {
			if (this.#accepted) location.reload();
			else if (isUpdate) this.#takenOver = this.#waiting = true;
		});
		await workbox.register();
	}

	/** Takes the new version: the waiting worker takes over, and this page opens again under it. */
	accept(): void {
		this.#accepted = true;
		if (this.#takenOver) location.reload();
		else this.#workbox?.messageSkipWaiting();
	}

	/** Not now. It is offered again when the app is opened the next time. */
	later(): void {
		this.#putOff = true;
	}
}
