import { test, vi } from 'vitest';
import { setStage } from '#tests/support/stage.ts';
import {
	addExpense,
	anEmail,
	fillEntry,
	rowOf,
	signIn,
	signUp,
	untilInStep,
	untilInstalled
} from '#tests/support/steps.ts';

// The whole app on a Cloudant on which everything goes wrong; the other tests of this folder run there too, with
// the same variable.
vi.stubEnv('STORE', 'fake-cloudant');

const stage = setStage('phone', 'desktop');

test('on a Cloudant that fails as it may, what was saved offline goes along and both devices agree', async () => {
	const [phone, desktop] = [stage.phone.page, stage.desktop.page];
	await phone.goto('/');
	await untilInstalled(phone);
	await stage.app.stopService();
	await addExpense(phone, { amount: '42', category: 'Food', payee: 'Offline kiosk' });
	await stage.app.startService();

	const email = anEmail();
	await signUp(phone, email);
	await untilInStep(phone);
	await signIn(desktop, email);
	await desktop.goto('/transactions');
	await rowOf(desktop, 'Offline kiosk').click();
	await fillEntry(desktop, { payee: 'Bakery' });
	await desktop.getByRole('button', { name: 'Save', exact: true }).click();
	await phone.goto('/transactions');
	await rowOf(phone, 'Bakery').waitFor();
	await untilInStep(desktop);
	await desktop.goto('/transactions');
	await rowOf(desktop, 'Bakery').waitFor();
});
