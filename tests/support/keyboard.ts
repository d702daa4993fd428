import type { Page } from 'playwright-core';

/** More presses than any page has stops. */
const MOST_STOPS = 120;

/** What has the focus, as a person would say it. */
interface Focused {
	role: string;
	name: string;
	/** Whether it can be seen where the focus is. */
	isShown: boolean;
}

/**
 * Presses Tab until what has the focus is called so, and fails where somebody with the keyboard alone would be
 * lost: where it is never reached, or where the focus cannot be seen.
 *
 * @param role of the element, as HTML has it: `link`, `button`, `textbox`, `radio`, `combobox`.
 */
export async function tabTo(page: Page, role: string, name: string | RegExp): Promise<void> {
	const passed: string[] = [];
	for (let stop = 0; stop < MOST_STOPS; stop++) {
		const focused = await readFocus(page);
		if (focused) {
			const { role: itsRole, name: itsName, isShown } = focused;
			passed.push(`${itsRole} “${itsName}”`);
			if (!isShown) throw new Error(`Nobody sees where the focus is: ${passed.at(-1)}`);
			const isMeant = typeof name === 'string' ? itsName === name : name.test(itsName);
			if (itsRole === role && isMeant) return;
		}
		await page.keyboard.press('Tab');
	}
	throw new Error(`No ${role} “${name}” on the way: ${[...new Set(passed)].join(', ')}`);
}

function readFocus(page: Page): Promise<Focused | undefined> {
	return page.evaluate(() => {
		const element = document.activeElement;
		if (!(element instanceof HTMLElement) || element === document.body) return undefined;
		const tag = element.tagName.toLowerCase();
		const type = element.getAttribute('type') ?? 'text';
		const role =
			element.getAttribute('role') ??
			(tag === 'a'
				? 'link'
				: tag === 'select'
					? 'combobox'
					: tag === 'textarea' || (tag === 'input' && !['radio', 'checkbox'].includes(type))
						? 'textbox'
						: tag === 'input'
							? type
							: tag);
		const labels = 'labels' in element ? [...((element as HTMLInputElement).labels ?? [])] : [];
		const labelledBy = (element.getAttribute('aria-labelledby') ?? '')
			.split(' ')
			.map((id) => document.getElementById(id)?.textContent ?? '')
			.join(' ');
		const name =
			element.getAttribute('aria-label') ??
			(labelledBy.trim() ||
				labels.map((label) => label.textContent).join(' ') ||
				element.textContent);
		// The mark of the focus is an outline, or a line in the accent's colour, and may be that of what stands
		// around or beside: a row, a card, the words of a radio.
		const probe = document.createElement('i');
		probe.style.color = 'var(--accent)';
		document.body.append(probe);
		const accent = getComputedStyle(probe).color;
		probe.remove();
		const around: Element[] = [element, ...element.querySelectorAll('*')];
		if (element.nextElementSibling) around.push(element.nextElementSibling);
		for (let one = element.parentElement; one && one !== document.body; one = one.parentElement) {
			around.push(one);
		}
		const hasMark = around.some((one) => {
			const style = getComputedStyle(one);
			const isOutlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
			const isLined =
				parseFloat(style.borderBlockEndWidth) > 0 && style.borderBlockEndColor === accent;
			return isOutlined || isLined;
		});
		const { top, bottom, width, height } = element.getBoundingClientRect();
		const isOnScreen = bottom > 0 && top < window.innerHeight && (width > 0 || height > 0);
		return {
			role,
			name: (name ?? '').replace(/\s+/g, ' ').trim(),
			// What is only read out, and a part of a field that the browser itself marks, need no mark of ours.
			isShown: (hasMark || element.tabIndex < 0 || !element.matches(':focus')) && isOnScreen
		};
	});
}
