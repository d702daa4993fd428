import type { CategoryHabit } from '#lib/domain/ledger/category-habits.ts';

/** What the first of the likely categories goes by. */
export interface HabitOfFirst {
	/** Its name. */
	name: string;
	/** `undefined` = it was not used of late. */
	habit: CategoryHabit | undefined;
	/** `''` = none is known yet. */
	payee: string;
}

/** From so many entries on, a time of day is a habit and no accident. */
const HABIT = 3;

/** Why a category comes first, in a sentence. */
export function whyFirst({ name, habit, payee }: HabitOfFirst): string {
	if (habit === undefined || habit.uses === 0) {
		return 'You have not used these of late: they stand as in your settings.';
	}
	const { uses, withPayee, atThisHour } = habit;
	if (payee !== '' && withPayee > 0) {
		return `${name} comes first: you chose it ${times(withPayee)} for ${payee}.`;
	}
	if (atThisHour >= HABIT) {
		return `${name} comes first: you chose it ${times(uses)} lately, ${atThisHour} of them at about this time of day.`;
	}
	return `${name} comes first: you chose it ${times(uses)} lately.`;
}

/** Why a category was filled in, in a sentence. */
export function whyFilledIn(by: 'rule' | 'last', name: string, payee: string): string {
	return by === 'rule'
		? `A rule of yours chose ${name} for ${payee}.`
		: `${name} is filled in because it was what you chose for ${payee} the last time.`;
}

function times(count: number): string {
	return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;
}
