import { Gauge, type Registry } from 'prom-client';
import type { ClockReading } from '../clock/clock-guard.js';
import type { LostUnits } from '../drift/lost-units.js';
import type { TenantUnits, UnitReader } from '../plans/unit-reader.js';
import type { RetentionRuns } from '../runs/retention-runs.js';
import { streamStatuses } from './stream-status.js';

/** Between two looks at what is stored: milliseconds. */
const MEASURE_EVERY_MS = 10 * 60_000;

export interface RetentionGaugesParts {
  readonly metrics: Registry;
  readonly units: Pick<UnitReader, 'read'>;
  readonly runs: Pick<RetentionRuns, 'tenants'>;
  readonly lost: Pick<LostUnits, 'look' | 'of'>;
  /** All tenants. */
  readonly tenants: () => Promise<readonly string[]>;
  /** Milliseconds that only rise. Default: the machine's. */
  readonly monotonic?: () => number;
}

/**
 * Metrics of retention: whether the clock is doubted, and of each tenant what should be gone, what holds keep, and what is
 * missing.
 */
export class RetentionGauges {
  readonly #doubted: Gauge;
  readonly #drift: Gauge<'tenant'>;
  readonly #held: Gauge<'tenant'>;
  readonly #lost: Gauge<'tenant'>;
  readonly #ttls: Gauge<'tenant'>;
  readonly #parts: RetentionGaugesParts;
  #measuredAt = -Infinity;

  constructor(parts: RetentionGaugesParts) {
    this.#parts = parts;
    const registers = [parts.metrics];
    this.#doubted = new Gauge({
      name: 'alluvium_retention_clock_doubted',
      help: 'Whether retention is paused since the clock may be wrong: 1, else 0.',
      registers,
    });
    this.#drift = new Gauge({
      name: 'alluvium_retention_drift_units',
      help: 'Days of streams that should be gone, or in the archive, for longer than a daily run takes.',
      labelNames: ['tenant'],
      registers,
    });
    this.#held = new Gauge({
      name: 'alluvium_retention_held_units',
      help: 'Days of streams that only a hold keeps.',
      labelNames: ['tenant'],
      registers,
    });
    this.#lost = new Gauge({
      name: 'alluvium_retention_lost_units',
      help: 'Days of streams that have fewer events than at the last look, though no retention run removed them.',
      labelNames: ['tenant'],
      registers,
    });
    this.#ttls = new Gauge({
      name: 'alluvium_retention_table_ttls',
      help: 'Tables that somebody gave a TTL, by which the engine deletes events whatever policies and holds say.',
      labelNames: ['tenant'],
      registers,
    });
  }

  async set({ state, now }: ClockReading): Promise<void> {
    this.#doubted.set(state === 'doubted' ? 1 : 0);
    const at = (this.#parts.monotonic ?? (() => performance.now()))();
    if (at - this.#measuredAt < MEASURE_EVERY_MS) return;
    const planned = new Set(await this.#parts.runs.tenants());
    for (const tenant of await this.#parts.tenants()) {
      const seen = await this.#parts.units.read(tenant, now);
      if (planned.has(tenant)) this.#setPolicies(tenant, seen);
      await this.#setLost(tenant, seen);
      this.#ttls.set({ tenant }, seen.ttls.length);
    }
    this.#measuredAt = at;
  }

  #setPolicies(tenant: string, seen: TenantUnits): void {
    const streams = streamStatuses(seen);
    this.#drift.set(
      { tenant },
      streams.reduce((sum, { drift, archive }) => sum + drift.units + (archive?.drift.units ?? 0), 0),
    );
    this.#held.set(
      { tenant },
      streams.reduce((sum, { held }) => sum + held.units, 0),
    );
  }

  async #setLost(tenant: string, { specs, units, context }: TenantUnits): Promise<void> {
    const streams = specs.map(({ name }) => name);
    await this.#parts.lost.look(tenant, context.now, { streams, units });
    this.#lost.set({ tenant }, (await this.#parts.lost.of(tenant, streams)).length);
  }
}
