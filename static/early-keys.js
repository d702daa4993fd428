// What the page does before the app's own code has arrived. It comes with the HTML, ahead of everything.
(() => {
	// Light or dark, where somebody chose: nothing is painted in the other one first.
	try {
		const theme = localStorage.getItem('outlay:theme');
		if (theme === 'light' || theme === 'dark') {
			document.documentElement.dataset.theme = theme;
			const [light, dark] = document.querySelectorAll('meta[name="theme-color"]');
			light.content = dark.content = (theme === 'dark' ? dark : light).content;
		}
		// Who types amounts on the phone's own keyboard sees no keypad first.
		if (localStorage.getItem('outlay:keypad')) document.documentElement.dataset.keypad = 'off';
	} catch {
		// Storage is switched off: as the system has it.
	}

	// The field that is there to be typed in takes keys as soon as it exists: with `autofocus` alone, the first
	// digits of a quick person would go nowhere. To focus is to lay the page out, which the first frame does
	// anyway; a key that comes sooner is not kept waiting for that.
	const look = () => {
		const field = document.querySelector('[autofocus]');
		if (!field) return;
		observer.disconnect();
		const focus = () => {
			removeEventListener('keydown', focus, true);
			cancelAnimationFrame(frame);
			field.focus();
		};
		const frame = requestAnimationFrame(focus);
		addEventListener('keydown', focus, true);
	};
	const observer = new MutationObserver(look);
	observer.observe(document, { childList: true, subtree: true });
	addEventListener('DOMContentLoaded', () => observer.disconnect());

	// A form that is sent waits: nothing typed is lost, and no password goes into an address. The app
	// takes the form over from `earlySubmit.release()`.
	let held;
	const hold = (event) => {
		event.preventDefault();
		held = { form: event.target, submitter: event.submitter };
	};
	addEventListener('submit', hold, true);
	globalThis.earlySubmit = {
		release() {
			removeEventListener('submit', hold, true);
			return held;
		}
	};
})();
