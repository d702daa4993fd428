import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { forgetAllDrafts, keepDraft, recallDraft } from './kept-draft.ts';

/** As much of a tab's storage as is asked of it: what is kept are its own fields. */
class TabStorage {
	[key: string]: unknown;
	getItem = (key: string) => (Object.hasOwn(this, key) ? this[key] : null);
	setItem = (key: string, value: string) => void (this[key] = value);
	removeItem = (key: string) => void Reflect.deleteProperty(this, key);
}

beforeEach(() => vi.stubGlobal('sessionStorage', new TabStorage()));
afterEach(() => vi.unstubAllGlobals());

test('a form is recalled with what a save of it gave, one of an edit by its entry alone', () => {
	keepDraft({ draft: { payee: 'Kiosk' }, savingAs: 'transaction:a' });
	keepDraft({ draft: { note: 'tea' } }, 'transaction:b');
	expect(recallDraft()).toEqual({ draft: { payee: 'Kiosk' }, savingAs: 'transaction:a' });
	expect(recallDraft('transaction:b')).toEqual({ draft: { note: 'tea' } });
	expect(recallDraft('transaction:c')).toBeUndefined();
});

test('what the version before an update kept is not lost by it', () => {
	sessionStorage.setItem('outlay:draft', JSON.stringify({ amount: '7', payee: 'Kiosk' }));
	expect(recallDraft()).toEqual({ draft: { amount: '7', payee: 'Kiosk' } });
});

test.each(['null', '7', '"text"', '{"draft":null}', '{"draft', ''])('%s is no form', (text) => {
	sessionStorage.setItem('outlay:draft', text);
	expect(recallDraft()).toBeUndefined();
});

test('all forms go, and nothing else', () => {
	keepDraft({ draft: { payee: 'Kiosk' } });
	keepDraft({ draft: { note: 'tea' } }, 'transaction:b');
	sessionStorage.setItem('outlay:drafting', 'another');
	forgetAllDrafts();
	expect(recallDraft()).toBeUndefined();
	expect(recallDraft('transaction:b')).toBeUndefined();
	expect(sessionStorage.getItem('outlay:drafting')).toBe('another');
});
