// Rules for the code's manner. Who may import whom is `.dependency-cruiser.cjs`; form is Prettier's.
import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

const PROGRAMS = ['start.mjs', 'local/**/*.mjs', '*.config.mjs', '.dependency-cruiser.cjs'];
const NODE_GLOBALS = [
  'process',
  'console',
  'Buffer',
  'URL',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'fetch',
  'AbortSignal',
  'module',
];
const BROWSER_SCRIPTS = ['sandbox/**/*.js', 'web/**/*.js', 'api/**/*.js'];

/** A rule switched off in a comment says why after ` -- `. */
const disabledWithReason = {
  meta: { type: 'suggestion', schema: [] },
  create: (context) => ({
    Program() {
      for (const comment of context.sourceCode.getAllComments()) {
        if (/^\s*eslint-disable/.test(comment.value) && !/\s--\s+\S/.test(comment.value)) {
          context.report({
            loc: comment.loc,
            message: 'Say why the rule is off: `eslint-disable-next-line rule -- reason`.',
          });
        }
      }
    },
  }),
};

const clock = [
  { object: 'Date', property: 'now', message: 'The moment comes in as an argument: `nowMs`.' },
  { object: 'Math', property: 'random', message: 'Chance comes in as an argument: pass the number that was drawn.' },
];
const timers = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'performance'].map((name) => ({
  name,
  message: 'Decisions know no clock: take `nowMs` as an argument and let the caller wait.',
}));
const outside = (instead) => ['process', 'fetch', 'crypto', 'Buffer'].map((name) => ({ name, message: instead[name] }));

const defaultExport = { selector: 'ExportDefaultDeclaration', message: 'Export by name.' };
const clockless = {
  selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
  message: 'The moment comes in as an argument: `new Date(nowMs)`.',
};

export default tseslint.config(
  { ignores: ['node_modules/**', '.data/**', 'coverage/**', 'dist/**', 'tests/.work/**', 'docs/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    plugins: { evercall: { rules: { 'disabled-with-reason': disabledWithReason } } },
    rules: { 'evercall/disabled-with-reason': 'error' },
  },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': [
        'error',
        // `typeof import('…')` names what is loaded only when it is needed.
        { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        // Vendors add members to their unions; ours are switched over without a default.
        { allowDefaultCaseForExhaustiveSwitch: false, considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { ignoreRestSiblings: true, argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreUsingDeclarations: true },
      ],
      // Numbers print as anybody expects; objects and null do not.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      // A handler of events may be asynchronous where its failures are its own affair: `() => void work().catch(…)`.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      // A port is asynchronous even where one of its implementations has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/max-params': ['error', { max: 3 }],
      'no-console': 'error',
      'no-restricted-syntax': ['error', defaultExport],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['domain/**/*.ts'],
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { allowDefaultCaseForExhaustiveSwitch: false, considerDefaultExhaustiveForUnions: false },
      ],
      'no-restricted-properties': ['error', ...clock],
      'no-restricted-syntax': ['error', defaultExport, clockless],
      'no-restricted-globals': [
        'error',
        ...timers,
        ...outside({
          process: 'Decisions know no environment: take the value as an argument.',
          fetch: 'Decisions reach nobody: take the fact as an argument.',
          crypto: 'Ids and secrets are made at the edge and come in as arguments.',
          Buffer: 'Bytes stay in media/ and providers/.',
        }),
      ],
    },
  },
  {
    files: ['workflows/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...outside({
          process: 'Workflows know no environment: put it into their input.',
          fetch: 'Effects go through workflows/proxies.ts: write an activity.',
          crypto: 'Use uuid4() of @temporalio/workflow; secrets are made in an activity.',
          Buffer: 'Bytes never enter history: keep them on the media host.',
        }),
        { name: 'performance', message: 'Use Date.now(): Temporal replays it.' },
      ],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['@temporalio/workflow'],
              importNames: ['proxyActivities', 'proxyLocalActivities'],
              message: 'Every activity proxy and its timeouts stand in workflows/proxies.ts: add it there.',
            },
          ],
        },
      ],
      // State changes while a handler or a timer is awaited; the compiler's narrowing does not see that.
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },
  { files: ['workflows/proxies.ts'], rules: { 'no-restricted-imports': 'off' } },
  // Sockets and cancellation change state between two lines, which the compiler's narrowing does not see.
  { files: ['media/**/*.ts'], rules: { '@typescript-eslint/no-unnecessary-condition': 'off' } },
  { files: ['cli/**/*.ts', 'tests/bench/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['tests/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': 'off',
      // `expect.any`, parsed JSON.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },
  {
    files: ['providers/**/*.ts', 'sandbox/**/*.ts'],
    rules: {
      // What comes over a vendor's wire may be newer than the types of its package.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  // mongosh gives its scripts these.
  { files: ['deploy/mongo/*.js'], languageOptions: { globals: { rs: 'readonly', db: 'readonly', sleep: 'readonly' } } },
  { files: ['vitest.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: PROGRAMS,
    languageOptions: { globals: Object.fromEntries(NODE_GLOBALS.map((name) => [name, 'readonly'])) },
    rules: { 'max-params': ['error', 3], 'no-console': 'error' },
  },
  { files: ['.dependency-cruiser.cjs'], languageOptions: { sourceType: 'commonjs' } },
  {
    files: BROWSER_SCRIPTS,
    languageOptions: {
      globals: Object.fromEntries(
        [
          'window',
          'document',
          'navigator',
          'location',
          'WebSocket',
          'AudioContext',
          'AudioWorkletNode',
          'fetch',
          'setTimeout',
          'clearTimeout',
          'setInterval',
          'clearInterval',
          'requestAnimationFrame',
          'console',
          'AudioWorkletProcessor',
          'registerProcessor',
          'sampleRate',
          'localStorage',
          'URL',
          'EventSource',
        ].map((name) => [name, 'readonly']),
      ),
    },
    rules: { 'max-params': ['error', 3] },
  },
);
