import { defineConfig, globalIgnores } from 'eslint/config'
import svelte from 'eslint-plugin-svelte'
import tseslint from 'typescript-eslint'
import svelteConfig from './svelte.config.js'

/**
 * What may differ from one engine version or machine to another. Results of the core must be the
 * same bits everywhere, so it takes these from core/math instead.
 */
const INEXACT_MATH = [
  ...['acos', 'acosh', 'asin', 'asinh', 'atan', 'atan2', 'atanh', 'cos', 'cosh', 'sin', 'sinh'],
  ...['tan', 'tanh', 'cbrt', 'hypot', 'exp', 'expm1', 'log', 'log10', 'log1p', 'log2', 'pow'],
]
const RANDOM_MATH = {
  object: 'Math',
  property: 'random',
  message: 'Take a stream of core/math/random.ts.',
}

export default defineConfig(
  // The kernels are AssemblyScript, another language with the same suffix.
  globalIgnores([
    ...['out/', 'test-results/', '.cache/', 'test/gates/canaries/'],
    'src-main/kernels/assembly/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.js', '**/*.mjs', '**/*.svelte'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'off',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // An index proved to be in range is asserted; noUncheckedIndexedAccess asks for it.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-confusing-non-null-assertion': 'off',
      // Counting loops are the plain way over typed arrays.
      '@typescript-eslint/prefer-for-of': 'off',
      // TypeScript's noPropertyAccessFromIndexSignature is off, its counterpart asks too much.
      '@typescript-eslint/dot-notation': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    extends: [svelte.configs.recommended],
    languageOptions: {
      parserOptions: {
        projectService: true,
        extraFileExtensions: ['.svelte'],
        parser: tseslint.parser,
        svelteConfig,
      },
    },
    rules: {
      // Props are destructured with `let` where one of them is bindable.
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { destructuring: 'all' }],
      'svelte/no-inspect': 'error',
      'svelte/no-target-blank': 'error',
      // Links are fragments of one page; there is nothing to resolve.
      'svelte/no-navigation-without-resolve': 'off',
      // It takes every local Map for state. State is replaced whole, in $state.raw.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  {
    files: ['**/*.svelte'],
    rules: {
      // These see no types of other components, so that their callbacks have `any`; svelte-check
      // has the types.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // A component is `any` here too, and so is everything that an instance of it offers.
      '@typescript-eslint/no-redundant-type-constituents': 'off',
    },
  },
  {
    files: ['**/src-shared/**/*.ts'],
    rules: {
      // Shared code has records of functions, not classes: no method of its own uses `this`.
      '@typescript-eslint/unbound-method': 'off',
      'no-console': 'error',
      'no-restricted-globals': [
        'error',
        { name: 'Date', message: 'Shared code has no clock: take times as arguments.' },
        { name: 'Intl', message: 'Depends on the machine: format texts in the hosts.' },
        { name: 'console', message: 'Shared code does no I/O.' },
        { name: 'process', message: 'Shared code does no I/O.' },
        { name: 'globalThis', message: 'Shared code has no environment.' },
      ],
      'no-restricted-properties': [
        'error',
        RANDOM_MATH,
        { property: 'localeCompare', message: 'Depends on the machine: compare code units.' },
        { property: 'toLocaleString', message: 'Depends on the machine.' },
      ],
    },
  },
  {
    files: ['**/src-shared/core/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        RANDOM_MATH,
        ...INEXACT_MATH.map((property) => ({
          object: 'Math',
          property,
          message: 'Engines round it differently: use core/math/elementary.ts.',
        })),
        { property: 'localeCompare', message: 'Depends on the machine: compare code units.' },
        { property: 'toLocaleString', message: 'Depends on the machine.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'BinaryExpression[operator="**"]:not([right.raw=/^[0-9]+$/], [right.argument.raw=/^[0-9]+$/]), AssignmentExpression[operator="**="]',
          message: 'Engines round it differently: use pow of core/math/elementary.ts.',
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // expect.any() and parsed JSON are of type any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
)
