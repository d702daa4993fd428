import type { Category } from '#contract/documents/category.ts';
import { categoryOutlines } from './category-outlines.ts';

const DOT = 'M10 12a2 2 0 1 0 4 0a2 2 0 1 0-4 0';

/** What the names of imported categories speak of. The first that fits is taken. */
const BY_NAME: readonly (readonly [words: RegExp, icon: string])[] = [
	[/grocer|kirana|vegetabl|milk|supermarket/, 'shopping-basket'],
	[/coffee|tea|cafe|drink/, 'coffee'],
	[/food|lunch|dinner|breakfast|snack|meal|eat|restaurant/, 'utensils'],
	[/train|metro|rail|subway/, 'train-front'],
	[/flight|travel|trip|holiday|vacation|tour/, 'plane'],
	[/petrol|fuel|gas\b|diesel/, 'fuel'],
	[/taxi|cab|auto|car\b|parking/, 'car'],
	[/transport|bus|commut/, 'bus'],
	[/rent|house|home|mortgage/, 'house'],
	[/furni|decor/, 'sofa'],
	[/repair|mainten|tool|service/, 'wrench'],
	[/electric|power|energy|utilit/, 'zap'],
	[/internet|broadband|wifi/, 'wifi'],
	[/mobile|phone|telecom/, 'phone'],
	[/subscri|recurring/, 'repeat'],
	[/medic|pharma|drug/, 'pill'],
	[/health|doctor|hospital|dental/, 'heart-pulse'],
	[/gym|sport|fitness/, 'dumbbell'],
	[/beauty|groom|cosmetic/, 'sparkles'],
	[/hair|barber|salon/, 'scissors'],
	[/cloth|apparel|shoe|laundry/, 'shirt'],
	[/movie|film|cinema|netflix/, 'film'],
	[/\btv\b|stream/, 'tv'],
	[/music|concert/, 'music'],
	[/game/, 'gamepad-2'],
	[/festival|party|social|leisure|entertain/, 'party-popper'],
	[/book|stationer|magazine/, 'book-open'],
	[/educat|school|course|tuition|study/, 'graduation-cap'],
	[/baby|child|kid/, 'baby'],
	[/family|friend/, 'users'],
	[/pet\b|pets|vet\b/, 'paw-print'],
	[/gift|donat|charit/, 'gift'],
	[/insur/, 'shield'],
	[/tax|fee|bank|loan|emi\b/, 'landmark'],
	[/deposit|saving|provident|fund/, 'piggy-bank'],
	[/invest|stock|share|equity|dividend|interest/, 'trending-up'],
	[/salary|wage|bonus|income|allowance|rewards?/, 'banknote'],
	[/card/, 'credit-card'],
	[/cash|wallet|money/, 'wallet'],
	[/work|business|office/, 'briefcase'],
	[/shop|purchase|household/, 'shopping-bag']
];

/** The outline of a category's icon. A plain tag, which imports give, is told by the category's name. */
export function outlineOf(category: Category | undefined): string {
	if (!category) return DOT;
	const { icon, name } = category;
	const guessed = icon === 'tag' ? guessIcon(name) : icon;
	return categoryOutlines[guessed] ?? DOT;
}

function guessIcon(name: string): string {
	const words = name.toLowerCase();
	return BY_NAME.find(([pattern]) => pattern.test(words))?.[1] ?? 'tag';
}
