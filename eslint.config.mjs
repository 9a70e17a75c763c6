import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';
import vueParser from 'vue-eslint-parser';

const PURE = ['shared/{kernel,rpc,contract,domain,resources,sync}/**/*.ts'];
const TESTS = ['**/*.test.ts', 'shared/testing/**', 'e2e/**', 'bench/**'];

/** What a template may say outside a catalogue. */
const ALIKE = [...'()|,.:;&+-–—=*/#%!?°·•…×→←↑↓▲▼⌘0123456789', 'Esc', 'Ctrl', 'Enter', 'B', 'km', 'Wh/km', 'm', 's', 'ms', 'km/h', 'kbit/s', 'N/A', 'MQTT', 'candump (.log)', 'Vector ASC (.asc)', 'CRTD (.crtd)', 'india.pmtiles'];

/** Clock and randomness are parameters in code that must be deterministic. */
const deterministic = {
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'Take a Clock.' },
    { object: 'Math', property: 'random', message: 'Take an Rng.' },
    { object: 'performance', property: 'now', message: 'Take a Clock.' },
    { object: 'crypto', property: 'randomUUID', message: 'Take an Rng.' },
  ],
  'no-restricted-syntax': ['error', { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Take a Clock.' }],
};

export default [
  { ignores: ['**/node_modules/**', 'out/**', 'dist/**', '.cache/**', '**/planted/**', 'coverage/**', 'playwright-report/**', 'test-results/**'] },
  ...vue.configs['flat/essential'],
  {
    files: ['**/*.ts', '**/*.vue'],
    languageOptions: { parser: vueParser, parserOptions: { parser: tseslint.parser, sourceType: 'module' } },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      'max-lines': ['error', { max: 500, skipComments: true, skipBlankLines: true }],
      'no-console': 'error',
      eqeqeq: ['error', 'smart'],
      'prefer-const': 'error',
      'no-var': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
      '@typescript-eslint/ban-ts-comment': 'error',
      'vue/multi-word-component-names': 'off',
    },
  },
  {
    files: ['**/*.vue'],
    rules: {
      'max-lines': ['error', { max: 300, skipComments: true, skipBlankLines: true }],
      // Texts stand in the catalogues (renderer/src/ui/messages/catalogue.ts); signs and key caps are alike in every language.
      'vue/no-bare-strings-in-template': ['error', { allowlist: ALIKE, attributes: { '/.+/': ['title', 'label', 'aria-label', 'aria-description', 'aria-placeholder', 'aria-roledescription', 'aria-valuetext', 'placeholder', 'alt', 'text', 'hint', 'action'] } }],
    },
  },
  {
    files: ['shared/**/*.ts', 'electron/**/*.ts', 'server/**/*.ts', 'tools/**/*.ts', 'bench/**/*.ts'],
    languageOptions: { parser: tseslint.parser, parserOptions: { project: './tsconfig.tests.json' } },
    rules: { '@typescript-eslint/no-floating-promises': 'error', '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }] },
  },
  { files: PURE, ignores: TESTS, rules: deterministic },
  { files: ['electron/core/**/*.ts', 'electron/simulator/**/*.ts', 'server/**/*.ts'], ignores: TESTS, rules: deterministic },
  // Command-line tools talk to a terminal; the log port does so for everything else.
  { files: ['tools/**/*.ts', 'bench/**/*.ts', 'build/**/*.ts', '**/*.mjs'], rules: { 'no-console': 'off' } },
];
