import type { Language } from '#contract/language.ts';

/** What reads as in English: a name, a format, a word that the languages share. */
export const SAME_AS_ENGLISH: Record<Language, readonly string[]> = {
	en: [],
	de: [
		'add_key_minus',
		'add_key_plus',
		'admin_admin',
		'admin_link',
		'common_name',
		'common_offline',
		'filter_title',
		'settings_theme_system',
		'settings_version'
	],
	hi: ['shell_key_name_delete', 'shell_key_name_select_all', 'shell_key_name_undo'],
	ar: ['shell_key_name_delete', 'shell_key_name_select_all', 'shell_key_name_undo']
};
