import { setImmediate } from 'node:timers/promises';
import type { InspectableEventBus } from '#event-bus';
import { MINUTE_MS } from './ledger-entry.js';
import { isWithin, type LedgerLine, type MinuteRange } from './ledger-line.js';
import type { LedgerLines } from './ledger-lines.js';

const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The part of a tenant's ledger that can't change any more, but for what the tables lose. */
interface Settled {
  /** Last minute in it. */
  readonly through: number;
  /** Received minus verdicts, as they are in the ledger. */
  readonly residue: number;
}

/**
 * Knows each tenant's residue at little cost, for a gauge that is set again and again: minutes that are over an hour
 * old and have nothing pending are read once, and what the tables lose of them later is in the recorded differences.
 */
export class ResidueMeter {
  readonly #settled = new Map<string, Settled>();

  constructor(
    private readonly lines: Pick<LedgerLines, 'read' | 'missing'>,
    private readonly bus: Pick<InspectableEventBus, 'pending'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Events of the tenant that were acknowledged and are nowhere; below zero, events that are there too often. */
  async measure(tenant: string): Promise<number> {
    const { through, residue } = await this.#settle(tenant);
    const recent = { from: through + MINUTE_MS, to: Number.MAX_SAFE_INTEGER };
    return residue + (await this.#residueOf(tenant, recent)) + (await this.lines.missing(tenant));
  }

  async #settle(tenant: string): Promise<Settled> {
    const until = await this.#settledUntil(tenant);
    // Entries are kept one by one for some 30 days, so that the first step is over one record for each source.
    let settled = this.#settled.get(tenant) ?? { through: -MINUTE_MS, residue: 0 };
    while (settled.through < until) {
      const from = settled.through + MINUTE_MS;
      const to = Math.min(Math.max(from + DAY_MS, until - 31 * DAY_MS), until);
      settled = { through: to, residue: settled.residue + (await this.#residueOf(tenant, { from, to })) };
      this.#settled.set(tenant, settled);
      await setImmediate();
    }
    return settled;
  }

  /** A line of several minutes counts in the range that has its last one. */
  async #residueOf(tenant: string, range: MinuteRange): Promise<number> {
    const lines = await this.lines.read(tenant, range);
    return bookResidue(lines.filter(({ minute }) => isWithin(range, minute)));
  }

  async #settledUntil(tenant: string): Promise<number> {
    const waiting = (await this.bus.pending()).filter((count) => count.tenant === tenant);
    const oldest = Math.min(...waiting.map((count) => count.minute - MINUTE_MS), this.now() - HOUR_MS);
    return Math.floor(oldest / MINUTE_MS) * MINUTE_MS;
  }
}

function bookResidue(lines: readonly LedgerLine[]): number {
  return lines.reduce((sum, line) => sum + line.residue - line.missing, 0);
}
