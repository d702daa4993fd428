import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** Who may import whom, as `docs/architecture.md` has it: folder → what of ours it may name. */
const MAY_IMPORT = {
	'src/contract': [],
	'src/lib/domain': ['#contract', '#messages'],
	'src/lib/storage': ['#contract', '#lib/domain', 'pouchdb'],
	'src/lib/account-client': ['#contract'],
	'src/lib/sync': ['#contract', '#lib/domain', '#lib/storage', 'pouchdb'],
	'src/lib/state': ['#contract', '#messages', '#lib/domain', '#lib/storage', '#lib/sync', 'svelte'],
	'src/lib/components': [
		'#contract',
		'#messages',
		'#lib/domain',
		'#lib/state',
		'#lib/components',
		'svelte'
	],
	'src/lib/components/ui': ['#messages', '#lib/components/ui', 'svelte'],
	'src/routes': ['#contract', '#messages', '#lib', 'svelte'],
	'sync-service': ['#contract', '#service', 'pouchdb']
};

/** What a name on those lists stands for, as the start of a module's name. */
const MODULES = {
	'#messages': '#messages$',
	pouchdb: 'pouchdb(?:$|[-/])',
	svelte: '(?:svelte(?:$|/)|\\$app/)'
};

const toPattern = (name) => MODULES[name] ?? `${name}/`;
const OURS = ['#contract', '#messages', '#lib', '#service', '#tests', 'pouchdb', 'svelte'];

/** One restriction a folder: whatever is ours, or reserved, and not on its list. */
const boundaries = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
	files: [`${folder}/**/*.{ts,svelte}`],
	ignores: ['**/*.test.ts'],
	rules: {
		'no-restricted-imports': [
			'error',
			{
				patterns: [
					{
						regex: '^\\.\\./(?!.*\\.(?:css|webmanifest\\?raw)$)',
						message: 'No climbing: name the folder (#lib/…, #contract/…, #service/…).'
					},
					{
						regex:
							`^(?!${[...allowed, `#${folder.replace('src/', '')}`].map(toPattern).join('|')})` +
							`(?:${OURS.map(toPattern).join('|')})`,
						message: `${folder} may import ${allowed.join(', ') || 'nothing of ours'} (docs/architecture.md).`
					}
				]
			}
		]
	}
}));

/** The packages that are confined to one module each. */
const CONFINED = {
	'@cloudant/cloudant': 'sync-service/couch/cloudant.ts',
	lucia: 'sync-service/accounts/sessions.ts',
	'@node-rs/argon2': 'sync-service/accounts/password.ts'
};

export default ts.config(
	{ ignores: ['build/', '.svelte-kit/', 'node_modules/', 'data/', '.outlay/'] },
	js.configs.recommended,
	...ts.configs.strict,
	...svelte.configs.recommended,
	prettier,
	...svelte.configs.prettier,
	{
		languageOptions: { globals: { ...globals.browser, ...globals.node } },
		rules: {
			'no-undef': 'off',
			'no-console': 'error',
			eqeqeq: ['error', 'always'],
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ argsIgnorePattern: '^_', varsIgnorePattern: '^_' }
			],
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/explicit-module-boundary-types': 'error'
		}
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
		rules: {
			'@typescript-eslint/explicit-module-boundary-types': 'off',
			// Our maps are raw state: replaced whole, never written to (100,000 entries need no proxies).
			'svelte/prefer-svelte-reactivity': 'off',
			// Paths are absolute: the app is served from the root of its origin.
			'svelte/no-navigation-without-resolve': 'off'
		}
	},
	...boundaries,
	{
		files: ['sync-service/**/*.ts'],
		rules: {
			'@typescript-eslint/no-restricted-imports': [
				'error',
				{
					paths: Object.entries(CONFINED).map(([name, home]) => ({
						name,
						message: `Only in ${home}.`
					}))
				}
			]
		}
	},
	{
		files: Object.values(CONFINED),
		rules: { '@typescript-eslint/no-restricted-imports': 'off' }
	},
	{
		// A test that is wrong about what it holds fails at once, and says where. JavaScript has its types in JSDoc.
		files: ['**/*.test.ts', 'tests/**/*.ts', '**/*.{js,mjs}'],
		rules: {
			'@typescript-eslint/no-non-null-assertion': 'off',
			'@typescript-eslint/explicit-module-boundary-types': 'off'
		}
	},
	{
		// What runs on a terminal may speak to it.
		files: [
			'deploy/**',
			'tests/bench/**',
			'tests/demo/**',
			'sync-service/server.ts',
			'sync-service/store.ts'
		],
		rules: { 'no-console': 'off' }
	}
);
