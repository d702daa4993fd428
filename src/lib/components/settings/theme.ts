/** How the app looks: as the system has it, or as somebody chose on this device. */
export type Theme = 'system' | 'light' | 'dark';

/** `static/early-keys.js` reads it, too, before the first paint. */
const KEY = 'outlay:theme';
/** The ground of each, for the browser's own bars; `app.html` has the same two. */
const GROUNDS = { light: '#fbfaf7', dark: '#0d1115' };

export function chosenTheme(): Theme {
	const { theme } = document.documentElement.dataset;
	return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/** Shows it at once, and keeps it where the browser lets it. */
export function chooseTheme(theme: Theme): void {
	const { dataset } = document.documentElement;
	if (theme === 'system') delete dataset.theme;
	else dataset.theme = theme;
	for (const bar of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
		const own = bar.media.includes('dark') ? 'dark' : 'light';
		bar.content = GROUNDS[theme === 'system' ? own : theme];
	}
	try {
		if (theme === 'system') localStorage.removeItem(KEY);
		else localStorage.setItem(KEY, theme);
	} catch {
		// Storage is switched off: it holds until the page is closed.
	}
}
