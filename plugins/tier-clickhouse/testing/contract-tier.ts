import type { StreamSpec } from '#plugin-kit';
import type { ContractTier, TierHarness } from '#plugin-kit/testing';
import type { Engine } from '../engine/engine.js';
import { tableNames } from '../schema/names.js';

export interface OpenedTier {
  readonly tier: ContractTier;
  /** One for each shard. */
  readonly engines: readonly Engine[];
}

/**
 * Tiers for the contract: one engine for all cases, each with a tenant of its own, since opening the engine takes longer
 * than a case does.
 */
export class ContractTiers {
  #opened: OpenedTier | undefined;
  #tenants = 0;

  constructor(private readonly open: () => Promise<OpenedTier>) {}

  /** A harness with a fresh tenant; `wrap` puts a fault into the tier. */
  async start(wrap: (tier: ContractTier) => ContractTier = (tier) => tier): Promise<TierHarness> {
    this.#opened ??= await this.open();
    const { tier } = this.#opened;
    return {
      tier: wrap(tier),
      tenant: `t${(this.#tenants += 1)}`,
      reopen: async () => wrap((await this.#reopen()).tier),
      spoilRollUps: (stream, day) => this.#spoil(stream, day),
      stop: async () => undefined,
    };
  }

  async close(): Promise<void> {
    await this.#opened?.tier.stop();
  }

  async #reopen(): Promise<OpenedTier> {
    await this.#opened?.tier.stop();
    this.#opened = await this.open();
    return this.#opened;
  }

  /** What a crash between the table and the roll-up leaves: a day that counts less than there is. */
  async #spoil(stream: StreamSpec, day: number): Promise<void> {
    const [rollUp] = stream.eventType.rollUps;
    const table = tableNames(stream.tenant, stream.name).rollUp(rollUp?.name ?? '');
    for (const engine of this.#opened?.engines ?? [])
      await engine.run(`ALTER TABLE ${table} DROP PARTITION ${day}`, { lane: 'write' });
  }
}
