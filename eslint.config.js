import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import { configs as litConfigs } from 'eslint-plugin-lit';
import tseslint from 'typescript-eslint';

/** Leaf files that every directory of src may import. */
const LEAVES = [
  './errors.ts',
  './error-catalogue.ts',
  './audio-encoding.ts',
  './release.ts',
  './generated/version.ts',
];

/** What each directory of src may import from src, besides itself and the leaves. */
const MAY_IMPORT = {
  loader: [],
  protocol: [],
  engine: ['./generated/engine-wasm.ts', './generated/whole-engine.ts'],
  worklet: ['./engine'],
  session: ['./protocol', './worklet/messages.ts'],
  worker: ['./session', './protocol', './worklet/messages.ts', './worklet/mean-delay.ts', './generated'],
  loading: ['./engine', './generated', './worklet/messages.ts', './worklet/processor-name.ts'],
  audio: ['./worklet/messages.ts', './loading'],
};

const directories = Object.entries(MAY_IMPORT).map(([directory, allowed]) => ({
  target: `./src/${directory}`,
  from: './src',
  except: [`./${directory}`, ...LEAVES, ...allowed],
  message: `src/${directory} may import ${[...LEAVES, ...allowed].join(', ')} only.`,
}));

const zones = [
  ...directories,
  ...LEAVES.map((leaf) => ({
    target: `./src/${leaf.slice(2)}`,
    from: './src',
    except: LEAVES,
    message: 'A leaf imports no directory, because every directory may import it.',
  })),
  {
    target: './components',
    from: './src',
    except: ['./index.ts'],
    message: 'Components use the public API, src/index.js.',
  },
  ...['./src', './components'].map((target) => ({
    target,
    from: '.',
    except: ['./src', './components', './node_modules'],
    message: 'Code for the page imports no agent, script or test.',
  })),
  {
    target: './token',
    from: '.',
    except: ['./token'],
    message: 'The token endpoint runs on the server of a site and depends on nothing.',
  },
  { target: './src', from: './components', message: 'The client does not import components.' },
  {
    target: './agent',
    from: '.',
    except: ['./agent', './node_modules', './src/engine'],
    message: 'The agent is an independent implementation; it shares only the engine with the client.',
  },
];

const source = [
  'src/**/*.ts',
  'components/**/*.ts',
  'examples/playground/**/*.ts',
  'agent/**/*.ts',
  'token/**/*.ts',
  'testing/**/*.ts',
  'scripts/**/*.ts',
  '*.config.ts',
];
const tests = ['test/**/*.ts'];
const typed = [...source, ...tests];

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      'build/',
      'src/generated/',
      'test-results/',
      // Each example is a separate project, except the page of `npm start`.
      'examples/*',
      '!examples/playground/',
      // AssemblyScript is checked by its own compiler, because its number types are unknown to TypeScript.
      'assembly/',
    ],
  },
  {
    files: typed,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          './tsconfig.json',
          './tsconfig.core.json',
          './tsconfig.node.json',
          './tsconfig.worklet.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createNodeResolver({
          extensions: ['.ts', '.mjs', '.js'],
          extensionAlias: { '.js': ['.ts', '.js'], '.mjs': ['.mjs'] },
        }),
      ],
      'import-x/extensions': ['.ts', '.mjs', '.js'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true, maxDepth: 1 }],
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
      'import-x/no-default-export': 'error',
      'import-x/no-duplicates': ['error', { 'prefer-inline': true }],
      'import-x/no-self-import': 'error',
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
        { selector: 'TSModuleDeclaration[kind="namespace"]', message: 'Use a module.' },
        { selector: 'TSParameterProperty', message: 'Declare the field.' },
        { selector: 'PropertyDefinition[accessibility="private"]', message: 'Use #private.' },
        {
          selector: 'MethodDefinition[accessibility="private"][kind!="constructor"]',
          message: 'Use #private.',
        },
        {
          selector:
            ':matches(SpreadElement, SpreadElement > TSAsExpression) > :matches(ObjectExpression, ArrayExpression)',
          message: 'Write the properties or elements of the literal directly.',
        },
      ],
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // To the compiler, every read of a typed array is `number | undefined`. If the index is in range by construction,
      // `!` says so without a branch in the hot path.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['src/**/*.ts', 'token/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^[^.]', message: 'The library has no dependencies.' }] },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/session/websocket-transport.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'WebSocket', message: 'Only src/session/websocket-transport.ts knows the WebSocket.' },
      ],
    },
  },
  {
    files: ['components/**/*.ts'],
    extends: [litConfigs['flat/recommended']],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(?!lit$|lit/|\\.)', message: 'Components depend on Lit alone.' }] },
      ],
    },
  },
  {
    // `byId<HTMLFormElement>('settings')`, like the DOM's own `querySelector`.
    files: ['examples/playground/**/*.ts'],
    rules: { '@typescript-eslint/no-unnecessary-type-parameters': 'off' },
  },
  {
    files: ['components/react/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(?!react$|\\.)', message: 'The wrapper depends on React alone.' }] },
      ],
    },
  },
  {
    files: [
      'agent/**/*.ts',
      'token/**/*.ts',
      'scripts/**/*.ts',
      'src/client/console.ts',
      'test/bench/**/*.ts',
      'test/measure/**/*.ts',
      'test/room/**/*.ts',
      'test/package/lit-versions.ts',
      'test/looks/contact-sheet.ts',
      'test/e2e/**/*.ts',
      'test/cross-browser/**/*.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['*.config.ts', 'agent/*.config.ts', 'test/{cross-browser,looks}/playwright.config.ts'],
    rules: { 'import-x/no-default-export': 'off' },
  },
  {
    files: tests,
    rules: {
      'max-lines-per-function': 'off',
      // Chai's assertions are property reads, Playwright's page functions run elsewhere.
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['scripts/**/*.mjs', 'test/**/*.mjs', '*.config.mjs', '*.config.js'],
    languageOptions: { ecmaVersion: 2024, sourceType: 'module' },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'max-lines': ['error', { max: 400 }],
    },
  },
);
