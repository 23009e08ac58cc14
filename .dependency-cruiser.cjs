/** Libraries from the bottom up: each may import only those before it. */
const LIBS = [
  'event-model',
  'zstd-decoding',
  'kafka-client',
  'mongodb-client',
  'retention-policy',
  'app-config',
  'observability',
  'catalogue',
  'archive-format',
  'archive-encryption',
  'data-format',
  'archive-storage',
  'audit',
  'event-bus',
  'job-queue',
  'plugin-kit',
  'archived-units',
  'migration',
  'storage-tier',
  'retention',
  'backup',
  'ledger',
  'redaction',
  'routing',
  'plugin-host',
  'enrichment',
  'notification',
  'access',
];

/** Folders of adapters, and the library that each may use and nobody else. */
const ADAPTERS = ['lmdb', 'kafka', 'mongodb', 'in-process', 'bullmq', 'local-disk', 's3'];
const ADAPTER_FILES = `^(apps|libs)/.*/(${ADAPTERS.join('|')})/`;
const ENGINES = [
  { library: 'lmdb', from: '^libs/[^/]+/lmdb/' },
  {
    library: 'mongodb',
    from: '^(libs/catalogue/(mongodb|testing)|libs/mongodb-client|plugins/tier-mongodb)/',
  },
  { library: 'bullmq', from: '^libs/job-queue/(bullmq|testing)/' },
  { library: 'ioredis', from: '^libs/job-queue/(bullmq|testing)/' },
  { library: '@aws-sdk/client-s3', from: '^libs/archive-storage/s3/' },
  { library: 'kafkajs', from: '^(libs/[^/]+/kafka|libs/kafka-client|plugins/input-kafka)/' },
  { library: 'chdb', from: '^plugins/tier-clickhouse/' },
  { library: '@clickhouse/client', from: '^plugins/tier-clickhouse/' },
];

const TEST_FILES = '\\.(spec|contract)\\.ts$|/testing/|^(test|bench)/';
const MODULES = '\\.module\\.ts$';

const rule = (name, from, to) => ({ name, severity: 'error', from, to });

const layers = LIBS.map((lib, index) =>
  rule(
    `layer-${lib}`,
    { path: `^libs/${lib}/` },
    { path: '^libs/', pathNot: `^libs/(${LIBS.slice(0, index + 1).join('|')})/` },
  ),
);

const engines = ENGINES.map(({ library, from }) =>
  rule(
    `engine-${library}`,
    { pathNot: `${from}|^(test|bench|tools)/` },
    { path: `(^|/)node_modules/${library}/|^${library}$` },
  ),
);

module.exports = {
  forbidden: [
    rule('no-cycle', {}, { circular: true }),
    rule('resolvable', {}, { couldNotResolve: true }),
    rule('unknown-lib', { path: '^libs/', pathNot: `^libs/(${LIBS.join('|')})/` }, {}),
    ...layers,
    ...engines,
    rule('libs-below-apps', { path: '^libs/' }, { path: '^(apps|plugins|test|bench)/' }),
    // Tests start the real engines by them.
    rule('libs-below-tools', { path: '^libs/', pathNot: TEST_FILES }, { path: '^tools/' }),
    rule(
      'plugins-know-the-kit-only',
      { path: '^plugins/([^/]+)/', pathNot: TEST_FILES },
      {
        path: '^(apps|libs|plugins|test|bench|tools)/',
        pathNot: '^plugins/$1/|^libs/(plugin-kit|event-model|kafka-client|mongodb-client)/',
      },
    ),
    rule('plugin-host-loads-plugins', { path: '^apps/' }, { path: '^plugins/' }),
    rule('apps-apart', { path: '^apps/([^/]+)/' }, { path: '^apps/', pathNot: '^apps/$1/' }),
    rule('apps-above-tests', { path: '^apps/' }, { path: '^(test|bench|tools)/' }),
    rule(
      'libs-by-name',
      { path: '^(apps|plugins|test|bench)/' },
      { path: '^libs/', dependencyTypesNot: ['aliased-subpath-import'] },
    ),
    rule(
      'libs-by-name-among-libs',
      { path: '^libs/([^/]+)/' },
      { path: '^libs/', pathNot: '^libs/$1/', dependencyTypesNot: ['aliased-subpath-import'] },
    ),
    rule(
      'modules-choose-adapters',
      { pathNot: `${MODULES}|${TEST_FILES}|${ADAPTER_FILES}` },
      { path: ADAPTER_FILES },
    ),
    rule(
      'adapters-loaded-when-chosen',
      { path: MODULES },
      { path: ADAPTER_FILES, dynamic: false, dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'testing-for-tests',
      // Authors of outside plugins run the contract suites of the kit: those of them that need no test runner.
      { path: '^(apps|libs|plugins)/', pathNot: `${TEST_FILES}|^libs/plugin-kit/contract/` },
      { path: `^(apps|libs|plugins)/.*(${'\\.spec\\.ts$|/testing/'})` },
    ),
    rule(
      'event-model-is-pure',
      { path: '^libs/event-model/', pathNot: TEST_FILES },
      { path: 'node_modules/|^(node:)?(fs|net|http|https|child_process|worker_threads)(/|$)' },
    ),
    rule(
      'no-development-library',
      { path: '^(apps|libs|plugins)/', pathNot: TEST_FILES },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
