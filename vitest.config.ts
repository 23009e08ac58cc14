import { defineConfig } from 'vitest/config';

const conditions = ['source', 'node', 'import', 'default'];
/** Of the suites that start engines and appliances, files that run at once: they wait often, and one takes up to 1 GiB. */
const maxWorkers = 2;
const roots = '{apps,libs,plugins,tools,test,bench}';

/** Test size is in the file's name: `.spec.ts` no I/O, `.integration.spec.ts` a real engine, `.e2e.spec.ts` the whole appliance, `.engines.spec.ts` an engine that is a server. */
export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    // What comes soon on a quick machine comes later on a busy one; the test's own time bounds it.
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [`${roots}/**/*.spec.ts`],
          exclude: [
            '**/node_modules/**',
            '**/dist/**',
            '**/*.integration.spec.ts',
            '**/*.e2e.spec.ts',
            '**/*.engines.spec.ts',
          ],
          pool: 'threads',
          isolate: false,
          // Some read megabytes byte by byte: beside other suites, or on a small machine, that takes longer than five seconds.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: [`${roots}/**/*.integration.spec.ts`],
          pool: 'forks',
          maxWorkers,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: [`${roots}/**/*.e2e.spec.ts`],
          pool: 'forks',
          maxWorkers,
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'engines',
          include: [`${roots}/**/*.engines.spec.ts`],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'corpora',
          include: ['test/corpora/**/*.corpora.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'upgrade',
          include: ['test/upgrade/**/*.upgrade.ts'],
          pool: 'forks',
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
