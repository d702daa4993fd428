import { expect, test } from 'vitest';
import { emptyDraft } from './draft.ts';
import { rebaseDraft } from './rebase-draft.ts';
import { emptySplit } from './split-draft.ts';

const before = {
	...emptyDraft({ currency: 'EUR', accountId: 'account:cash', spentOn: '2026-11-22' }),
	amount: '5',
	tags: ['a', 'b']
};

test('what nobody touched follows, and what was typed stays', () => {
	const draft = { ...before, note: 'mine' };
	const after = { ...before, note: 'theirs', payee: 'Kiosk', splits: [emptySplit(null, '5')] };
	expect(rebaseDraft(draft, before, after)).toEqual({ ...after, note: 'mine' });
});

test('tags that both sides changed are all kept, and those that either took off are gone', () => {
	const draft = { ...before, tags: ['a', 'mine'] };
	const after = { ...before, tags: ['b', 'theirs'] };
	expect(rebaseDraft(draft, before, after).tags).toEqual(['mine', 'theirs']);
});
