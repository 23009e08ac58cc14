import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StreamSpec } from '#plugin-kit';
import type { ContractTier, TierHarness } from '#plugin-kit/testing';
import { ClickHouseTier } from '../clickhouse-tier.js';
import { ChdbEngine } from '../engine/chdb-engine.js';
import { tableNames } from '../schema/names.js';

interface Opened {
  readonly engine: ChdbEngine;
  readonly tier: ClickHouseTier;
}

/**
 * The embedded tier for the contract: one directory for all cases, each with a tenant of its own, since opening the engine
 * takes longer than a case does.
 */
export class EmbeddedTiers {
  readonly #directory = mkdtemp(join(tmpdir(), 'alluvium-contract-'));
  #opened: Opened | undefined;
  #tenants = 0;

  /** A harness with a fresh tenant; `wrap` puts a fault into the tier. */
  async start(wrap: (tier: ContractTier) => ContractTier = (tier) => tier): Promise<TierHarness> {
    this.#opened ??= await this.#open();
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
    await rm(await this.#directory, { recursive: true, force: true });
  }

  async #reopen(): Promise<Opened> {
    await this.#opened?.tier.stop();
    this.#opened = await this.#open();
    return this.#opened;
  }

  async #open(): Promise<Opened> {
    const directory = await this.#directory;
    const limits = { memoryBytes: 1e9, concurrency: 4 };
    const engine = new ChdbEngine({ directory: join(directory, 'chdb'), ...limits });
    const scratchDirectory = join(directory, 'scratch');
    const context = { dataDirectory: directory, scratchDirectory, ...limits, reach: () => undefined };
    return { engine, tier: new ClickHouseTier(engine, context) };
  }

  /** What a crash between the table and the roll-up leaves: a day that counts less than there is. */
  async #spoil(stream: StreamSpec, day: number): Promise<void> {
    const [rollUp] = stream.eventType.rollUps;
    const table = tableNames(stream.tenant, stream.name).rollUp(rollUp?.name ?? '');
    await this.#opened?.engine.run(`ALTER TABLE ${table} DROP PARTITION ${day}`, { lane: 'write' });
  }
}
