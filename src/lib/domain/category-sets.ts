import * as m from '#messages';
import { EVERYDAY_CATEGORIES, type StartingCategory } from './everyday-categories.ts';

/** A set of categories that a person may start with. */
export interface CategorySet {
	key: 'everyday' | 'simple' | 'detailed';
	name: string;
	/** Parents come before what is below them. */
	categories: readonly StartingCategory[];
}

/** What the detailed set has below the everyday ones: the icon, the key and the name of each. */
const BELOW: Readonly<Record<string, string>> = {
	food: 'utensils eating-out Eating out,coffee coffee Coffee and snacks,shopping-bag takeaway Takeaway',
	groceries: 'sparkles household Household goods,leaf market Market',
	transport:
		'train-front public Public transport,fuel fuel Fuel,car car Car,bike bike Bicycle,car taxi Taxi',
	home: 'house rent Rent,zap energy Energy and water,wifi internet Internet and phone,wrench repairs Repairs,sofa furniture Furniture',
	health: 'heart-pulse doctor Doctor,pill pharmacy Pharmacy,dumbbell sport Sport',
	shopping: 'shirt clothes Clothes,tv electronics Electronics,scissors care Personal care',
	leisure: 'film going-out Going out,repeat subscriptions Subscriptions,plane holidays Holidays',
	education: 'book-open books Books,graduation-cap courses Courses',
	other: 'shield insurance Insurance,landmark taxes Taxes and fees,paw-print pets Pets'
};

const SIMPLE = ['food', 'transport', 'home', 'leisure', 'salary', 'other'];

/** All of them share what they can: who changes from one to the other finds the same *Food*. */
export function categorySets(): readonly CategorySet[] {
	const everyday = EVERYDAY_CATEGORIES;
	const simple = everyday.filter(({ _id }) => SIMPLE.includes(_id.slice('category:'.length)));
	return [
		{ key: 'everyday', name: m.settings_set_everyday(), categories: everyday },
		{ key: 'simple', name: m.settings_set_simple(), categories: simple },
		{
			key: 'detailed',
			name: m.settings_set_detailed(),
			categories: [...everyday, ...everyday.flatMap(below)]
		}
	];
}

/** The set that was chosen; the everyday one where nobody has. Another version's may be none of ours. */
export function chosenSet(
	sets: readonly CategorySet[],
	chosen: readonly string[] | null | undefined
): CategorySet | undefined {
	return chosen
		? sets.find((set) => idsOf(set).join() === chosen.join())
		: sets.find(({ key }) => key === 'everyday');
}

/** What the preferences say of a set that was chosen. */
export function idsOf({ categories }: CategorySet): string[] {
	return categories.map(({ _id }) => _id);
}

function below({ _id: parentId, colour, order: top }: StartingCategory): StartingCategory[] {
	const texts = BELOW[parentId.slice('category:'.length)]?.split(',') ?? [];
	return texts.map((text, index) => {
		const [icon = '', key = '', ...name] = text.split(' ');
		const order = top + (index + 1) / 100;
		return { _id: `${parentId}-${key}`, name: name.join(' '), parentId, icon, colour, order };
	});
}
