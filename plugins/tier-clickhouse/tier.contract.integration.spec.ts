import { afterAll, describe, expect, it } from 'vitest';
import { describeTierContract, runTierCase, SEEDED_TIER_BUGS, TIER_CASES } from '#plugin-kit/testing';
import { EmbeddedTiers } from './testing/contract-tier.js';

const tiers = new EmbeddedTiers();
afterAll(() => tiers.close());

describeTierContract('chDB', () => tiers.start());

describe('the tier contract is red for a tier that', () => {
  it.each(SEEDED_TIER_BUGS)('$bug', async ({ breaks, wrap }) => {
    const cases = TIER_CASES.filter(({ promise }) => promise === breaks);
    const ends = [];
    for (const testCase of cases)
      ends.push(
        await runTierCase(testCase, () => tiers.start(wrap)).then(
          () => 'green',
          () => 'red',
        ),
      );
    expect(ends).toContain('red');
  });
});
