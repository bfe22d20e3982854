// Who may import whom. Each rule's comment says what to do instead.
const NOT_IN_APP = ['^sandbox/', '^tests/'];
const VENDOR_FOLDER = '^providers/[^/]+/';
const PORT = '^providers/[^/]+[.]ts$';
const NPM = '(^|/)node_modules/';
const APP = '^(activities|api|config|domain|media|providers|telemetry|workers|workflows)/';

/** `from` may import nothing of ours but `own`, and none of npm's packages but `packages` (all when left out). */
const only = ({ name, from, own, packages, comment, builtins = true }) => [
  {
    name,
    severity: 'error',
    comment,
    from: { path: from },
    to: { path: '^(?!.*node_modules/)[^/]+/|^[^/]+[.]ts$', pathNot: own, dependencyTypesNot: ['core'] },
  },
  ...(packages === undefined
    ? []
    : [
        {
          name: `${name}-packages`,
          severity: 'error',
          comment,
          from: { path: from },
          to: { path: NPM, ...(packages.length === 0 ? {} : { pathNot: packages.map((one) => `${NPM}${one}/`) }) },
        },
      ]),
  ...(builtins
    ? []
    : [
        {
          name: `${name}-builtins`,
          severity: 'error',
          comment,
          from: { path: from },
          to: { dependencyTypes: ['core'] },
        },
      ]),
];

module.exports = {
  forbidden: [
    ...only({
      name: 'domain-knows-domain',
      from: '^domain/',
      own: ['^domain/'],
      packages: [],
      builtins: false,
      comment:
        'domain/ decides and knows nobody, not even by type: declare the shape in domain/ and let the caller map to it.',
    }),
    ...only({
      name: 'workflows-know-domain',
      from: '^workflows/',
      own: ['^workflows/', '^domain/', '^activities/'],
      packages: ['@temporalio/(workflow|common)'],
      builtins: false,
      comment:
        'A workflow replays: it decides with domain/ and acts through workflows/proxies.ts. Put the effect into activities/ and add its proxy.',
    }),
    {
      name: 'workflows-know-activities-by-type',
      severity: 'error',
      comment:
        'The code of an activity must not enter the workflow bundle: `import type` it, and call it through workflows/proxies.ts.',
      from: { path: '^workflows/' },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    ...only({
      name: 'activities-know-ports',
      from: '^activities/',
      own: ['^activities/', '^domain/', '^media/', PORT, '^telemetry/', '^workflows/'],
      comment:
        'An activity works on ports: take the port (providers/*.ts) in createXActivities(deps) and let workers/ pass the vendor in.',
    }),
    ...only({
      name: 'media-knows-ports',
      from: '^media/',
      own: ['^media/', '^domain/', PORT, '^telemetry/', '^workflows/'],
      comment:
        'The media host works on ports: take the port (providers/*.ts) as a dependency and let workers/media.ts pass the vendor in.',
    }),
    {
      name: 'workflows-are-reached-by-messages',
      severity: 'error',
      comment:
        'Outside the workflow bundle a workflow is reached by its messages.ts; its function is imported by type only.',
      from: { path: APP, pathNot: ['^workflows/'] },
      to: { path: '^workflows/', pathNot: ['/messages[.]ts$'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'one-line-to-temporal',
      severity: 'error',
      comment: 'media/call-link.ts is the media host’s only line to Temporal: give it a method there.',
      from: { path: '^media/', pathNot: ['^media/call-link[.]ts$'] },
      to: { path: `^workflows/|${NPM}@temporalio/`, dependencyTypesNot: ['type-only'] },
    },
    ...only({
      name: 'api-knows-ports',
      from: '^api/(?!main[.]ts$)',
      own: ['^api/', '^domain/', PORT, '^telemetry/', '^workflows/'],
      comment: 'A router works on ports and settings passed in: only api/main.ts names vendors and reads config/.',
    }),
    ...only({
      name: 'ports-know-domain',
      from: PORT,
      own: [PORT, '^domain/', '^telemetry/'],
      comment: 'A port is what any vendor can do: it knows no vendor. Put the vendor’s part into its folder.',
    }),
    {
      name: 'vendors-know-their-port',
      severity: 'error',
      comment:
        'A vendor folder knows its port and no other vendor: what two share belongs into providers/*.ts or domain/.',
      from: { path: '^providers/([^/]+)/' },
      to: { path: VENDOR_FOLDER, pathNot: ['^providers/$1/'] },
    },
    ...only({
      name: 'vendors-know-domain',
      from: VENDOR_FOLDER,
      own: ['^providers/', '^domain/', '^telemetry/'],
      comment:
        'A vendor folder translates between its vendor and its port: settings come in as arguments, nobody else of the app is known.',
    }),
    {
      name: 'only-the-roots-name-vendors',
      severity: 'error',
      comment:
        'Only workers/ and api/main.ts choose vendors (tests and the sandbox’s rule-based brain aside): take the port as a dependency.',
      from: { pathNot: ['^workers/', '^api/main[.]ts$', '^providers/', '^tests/', '^sandbox/'] },
      to: { path: VENDOR_FOLDER },
    },
    {
      name: 'only-the-roots-read-config',
      severity: 'error',
      comment:
        'Only workers/, api/main.ts and the programs of local/ and cli/ read config/: take the setting as an argument.',
      from: { pathNot: ['^workers/', '^api/main[.]ts$', '^config/', '^local/', '^cli/', '^tests/'] },
      to: { path: '^config/' },
    },
    ...only({
      name: 'config-knows-domain',
      from: '^config/',
      own: ['^config/', '^domain/'],
      comment: 'Configuration is parsed into shapes of its own and of domain/.',
    }),
    ...only({
      name: 'telemetry-knows-domain',
      from: '^telemetry/',
      own: ['^telemetry/', '^domain/'],
      comment: 'Logs and metrics are used by everybody and know only domain/.',
    }),
    ...only({
      name: 'sandbox-stands-apart',
      from: '^sandbox/',
      own: ['^sandbox/', '^domain/', '^providers/rules/', '^providers/(llm|provider-error)[.]ts$'],
      comment:
        'The stand-ins speak the vendors’ wire and know the app no more than a vendor does; the rule-based brain alone is shared.',
    }),
    {
      name: 'app-knows-no-sandbox',
      severity: 'error',
      comment:
        'The app reaches a stand-in as it reaches the vendor: by its address. Fakes for tests live in tests/kit.',
      from: { path: APP },
      to: { path: NOT_IN_APP },
    },
    {
      name: 'nobody-imports-tests',
      severity: 'error',
      comment: 'What the app and its programs need does not live in tests/.',
      from: { pathNot: ['^tests/'] },
      to: { path: '^tests/' },
    },
    {
      name: 'roots-are-not-imported',
      severity: 'error',
      comment: 'workers/ and api/ are ends: what others need from them belongs into a port, domain/ or activities/.',
      from: { path: '^(activities|config|domain|media|providers|telemetry|workflows|sandbox|local|cli)/' },
      to: { path: '^(workers|api)/' },
    },
    {
      name: 'api-and-workers-apart',
      severity: 'error',
      comment: 'Processes meet through Temporal: the api does not import workers/.',
      from: { path: '^api/' },
      to: { path: '^workers/' },
    },
    {
      name: 'app-knows-no-programs',
      severity: 'error',
      comment:
        'local/ and cli/ stand around the app and reach it through its HTTP door and its environment; the app does not know them.',
      from: { path: `${APP}|^sandbox/` },
      to: { path: '^(local|cli)/' },
    },
    ...only({
      name: 'programs-use-the-door',
      from: '^cli/',
      own: ['^cli/', '^local/', '^domain/', '^config/'],
      comment: 'The command line reaches the app through its HTTP door: ask the api.',
    }),
    ...only({
      name: 'local-stands-around',
      from: '^local/',
      own: ['^local/', '^domain/', '^config/'],
      comment:
        'local/ installs, finds servers and supervises processes; it starts the app’s entries by path and imports none of them.',
    }),
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'Two files that need each other are one subject, or a third holds what both need.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'packages-are-declared',
      severity: 'error',
      comment: 'A package that is used stands in package.json: others’ dependencies come and go.',
      from: {},
      to: { dependencyTypes: ['unknown', 'undetermined', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'imports-resolve',
      severity: 'error',
      comment: 'The import leads nowhere: mend the path.',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-tools-in-the-app',
      severity: 'error',
      comment: 'A deployed host has no devDependencies: make it a dependency, or keep it to tests/ and local/.',
      from: { path: `${APP}|^sandbox/` },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: ['node_modules/@types/'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(tests/[.]work|[.]data|coverage|dist)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
