const KEY = 'outlay:keypad';

/** Whether amounts are typed on our keypad or on the phone's keyboard; `static/early-keys.js` reads it too. */
export function chooseKeypad(isOn: boolean): void {
	document.documentElement.dataset.keypad = isOn ? 'on' : 'off';
	try {
		if (isOn) localStorage.removeItem(KEY);
		else localStorage.setItem(KEY, 'off');
	} catch {
		// Storage is switched off: until the page is left.
	}
}

export const isKeypadChosen = (): boolean => document.documentElement.dataset.keypad !== 'off';
