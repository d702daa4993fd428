import type { ProblemCode } from '#contract/problem.ts';

/** Every problem code that can reach a person, in English. The other languages have the same codes. */
export const SENTENCES = {
	'amount-missing': 'Enter an amount.',
	'amount-not-a-number': 'That is not an amount. Digits, a decimal sign and + − × ÷ work.',
	'amount-ambiguous':
		'That could be read in two ways. Write it without grouping, or with all its decimals.',
	'amount-too-precise': 'That has more decimals than the currency has.',
	'amount-too-large': 'That is more than Outlay can count exactly.',
	'amount-negative': 'The amount cannot be below zero. Choose Income for money that came in.',
	'amount-zero': 'Enter an amount above zero.',
	'parts-not-the-whole': 'The parts do not add up to the amount.',
	'date-missing': 'Choose a day.',
	'filter-days-crossed': 'The last day is before the first one.',
	'filter-amounts-crossed': 'This is less than the least amount.',
	'account-missing': 'Choose an account.',
	'same-account': 'Choose two different accounts.',
	'text-too-long': 'That text is too long.',
	'not-found': 'This entry is not on this device any more.',
	purged: 'This entry was deleted for good.',
	'newer-version': 'A newer version of Outlay wrote this entry. Update Outlay to edit it.',
	unreadable: 'This entry cannot be read. It is kept as it is.',
	'too-large': 'This entry is too large to be kept.',
	'device-full':
		'This device has no room left. Nothing was written; what is in the form is still there. Free some space and save again.',
	'storage-failed':
		'The browser could not write to this device. What is in the form is still there; try again.',
	'device-not-opened':
		'The browser did not let Outlay open its storage on this device. A private window or a full disk can be the reason.',
	offline: 'The service cannot be reached. Nothing is lost; try again when you are online.',
	'unexpected-answer': 'The service answered in a way Outlay does not understand. Try again later.',
	'file-empty': 'This file is empty. Nothing was written.',
	'file-not-text': 'This file is not text. Export it as CSV and choose that file.',
	'file-no-columns': 'This file has only one column. Export it as CSV, with a row for each entry.',
	'row-date': 'The date cannot be read.',
	'row-amount': 'The amount cannot be read.',
	'row-kind': 'It says neither expense, income nor transfer.',
	'row-currency': 'The currency is not a three-letter code.',
	'row-other-account': 'The transfer does not say the other account.',
	'row-same-account': 'The transfer is from an account to itself.',
	'invalid-email': 'That is not an email address.',
	'weak-password':
		'That is easily guessed: too short, chosen by many, or made of the email. Choose another of at least 8 characters.',
	'email-taken': 'There is a profile with this email already.',
	'invalid-credentials': 'The email or the password is not right.',
	'password-missing': 'Enter your password.',
	'wrong-password': 'That is not your password.',
	'code-missing': 'Enter one of your recovery codes.',
	'invalid-code':
		'The email and the code do not belong together, or the code was used already. Each works once.',
	'name-missing': 'Give it a name.',
	'invite-missing': 'Enter the code of your invitation.',
	'invalid-invite': 'This invitation is not good any more. Ask for a new one.',
	'sign-up-closed':
		'This Outlay takes no new profiles. Everything works on this device without one.',
	suspended:
		'This profile is suspended: nothing is sent or received. Everything is kept on this device. Ask whoever runs this Outlay.',
	forbidden: 'This profile may not do that.',
	'signed-out': 'You are signed out. Sign in again.',
	'too-many-app-passwords':
		'There are as many app passwords as there may be. Revoke one that is not used any more.',
	'too-many-requests': 'Too many tries. Wait a while, then try again.',
	busy: 'The service has much to do at the moment. Try again shortly.',
	'quota-not-a-number': 'Enter a whole number, or nothing for as much as everybody has.',
	'sign-up-full': 'This Outlay takes no new profiles at the moment.',
	'quota-exceeded': 'Your space in the cloud is full. Everything is kept on this device.',
	'store-unavailable': 'The cloud database cannot be reached. Nothing is lost; try again shortly.',
	'cross-site': 'The request did not come from this site.',
	'malformed-json':
		'The service could not read what this Outlay sent. Nothing is lost; reload to get the newest Outlay.',
	'invalid-request':
		'The service did not understand what this Outlay asked. Nothing is lost; reload to get the newest Outlay.',
	'json-required':
		'The service did not take what this Outlay sent. Nothing is lost; reload to get the newest Outlay.',
	'too-slow':
		'The connection is too slow: what was sent did not arrive in time. Nothing is lost; try again.',
	internal: 'Something went wrong at the service. Nothing is lost; try again shortly.'
} satisfies Record<ProblemCode, string> & Record<string, string>;
