import { describe, expect, it } from 'vitest';
import { CATALOGUE_CASES, describeCatalogueContract, runCatalogueCase } from './catalogue.contract.js';
import { MemoryCatalogue } from './memory-catalogue.js';
import { startMemoryHarness } from './memory-harness.js';
import { SEEDED_BUGS } from './seeded-bugs.js';

describeCatalogueContract('memory', () => startMemoryHarness((disk) => new MemoryCatalogue(disk)));

describe('the catalogue contract is red for an adapter that', () => {
  it.each(SEEDED_BUGS)('$bug', async ({ breaks, make }) => {
    const broken = new Set<string>();
    for (const testCase of CATALOGUE_CASES) {
      const run = runCatalogueCase(testCase, () => startMemoryHarness(make));
      await run.catch(() => broken.add(testCase.promise));
    }
    expect([...broken]).toContain(breaks);
  });
});
