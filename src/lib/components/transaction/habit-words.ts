import type { CategoryHabit } from '#lib/domain/ledger/category-habits.ts';
import * as m from '#messages';

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
		return m.add_why_unused();
	}
	const { uses, withPayee, atThisHour } = habit;
	if (payee !== '' && withPayee > 0) {
		return m.add_why_payee({ name, payee, count: withPayee });
	}
	if (atThisHour >= HABIT) {
		return m.add_why_hour({ name, count: uses, near: atThisHour });
	}
	return m.add_why_lately({ name, count: uses });
}

/** Why a category was filled in, in a sentence. */
export function whyFilledIn(by: 'rule' | 'last', name: string, payee: string): string {
	return by === 'rule' ? m.add_why_rule({ name, payee }) : m.add_why_last({ name, payee });
}
