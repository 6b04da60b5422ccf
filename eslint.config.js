// What the screens' modules keep to. Layout is Prettier's; types are TypeScript's.
import js from '@eslint/js';
import globals from 'globals';

const MARKUP = 'Text stays text: write it as a child or a property of a template, never as markup.';
const markup = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'createContextualFragment'];

export default [
  {ignores: ['assets/vendor/*/**', 'node_modules/**', '.venv/**', '**/*.d.ts']},
  js.configs.recommended,
  {
    files: ['rlft_gui/ui/**/*.js'],
    languageOptions: {globals: globals.browser},
  },
  {
    files: ['tests/ui/**/*.js', 'assets/vendor/vendor.mjs', 'benchmarks/functions.mjs'],
    languageOptions: {globals: globals.node},
  },
  {
    rules: {
      eqeqeq: ['error', 'always', {null: 'ignore'}],
      'max-len': ['error', {code: 110}],
      'max-lines-per-function': ['error', {max: 60, skipComments: true}],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-restricted-properties': ['error', ...markup.map(property => ({property, message: MARKUP}))],
      'no-restricted-imports': [
        'error',
        {patterns: [{group: ['**/unsafe-html*', '**/unsafe-svg*', '**/static.js'], message: MARKUP}]},
      ],
      'no-restricted-globals': ['error', {name: 'eval', message: MARKUP}],
    },
  },
];
