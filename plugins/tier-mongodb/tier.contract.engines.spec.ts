import { afterAll, describe, expect, it } from 'vitest';
import { createBlockIdGenerator } from '#event-model';
import type { InsertReport, TierBatch } from '#plugin-kit';
import {
  describeTierContract,
  ForwardingTier,
  runTierCase,
  SEEDED_TIER_BUGS,
  TIER_CASES,
  type ContractTier,
} from '#plugin-kit/testing';
import { POWERS_LEFT, startContractTiers } from './testing/contract-tiers.js';

/** Makes up an id for each call: a retry after an ambiguous answer doubles the batch. */
class ForgetsIds extends ForwardingTier {
  readonly #nextId = createBlockIdGenerator();

  override insert(batch: TierBatch): Promise<InsertReport> {
    const blocks = batch.blocks.map((block) => ({
      ...block,
      header: { ...block.header, id: this.#nextId() },
    }));
    return super.insert({ ...batch, blocks });
  }
}

const tiers = await startContractTiers();
afterAll(() => tiers.stop());

describeTierContract('MongoDB', () => tiers.start(), POWERS_LEFT);

describe('the tier contract on MongoDB is red for a tier that', () => {
  // An event's id is what tells a repeat here: no token is needed.
  const bugs = SEEDED_TIER_BUGS.filter(
    ({ bug, breaks }) => !POWERS_LEFT.has(breaks) && bug !== 'forgets tokens',
  );
  const own = { bug: 'forgets ids', breaks: 'repeat', wrap: (tier: ContractTier) => new ForgetsIds(tier) };
  it.each([...bugs, own])('$bug', async ({ breaks, wrap }) => {
    const cases = TIER_CASES.filter(({ promise }) => promise === breaks);
    const ends = [];
    for (const each of cases)
      ends.push(
        await runTierCase(each, () => tiers.start(wrap)).then(
          () => 'green',
          () => 'red',
        ),
      );
    expect(ends).toContain('red');
  });
});
