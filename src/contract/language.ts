/** The languages of the app, each with the direction its text runs in and its own name for itself. */
export const LANGUAGES = {
	en: { name: 'English', direction: 'ltr' },
	de: { name: 'Deutsch', direction: 'ltr' },
	hi: { name: 'हिन्दी', direction: 'ltr' },
	ar: { name: 'العربية', direction: 'rtl' }
} as const satisfies Record<string, { name: string; direction: 'ltr' | 'rtl' }>;

export type Language = keyof typeof LANGUAGES;

export const LANGUAGE_CODES = Object.keys(LANGUAGES) as Language[];

/** The language in which text is written first: what the others lack is shown in it. */
export const FIRST_LANGUAGE: Language = 'en';
