import type { QuarantineCounts, QuarantineFilter, SourceMinuteCount } from '#plugin-kit';
import type { PrimaryTier } from '#storage-tier';

/** A tier with one table, and a quarantine that is only counted, whose numbers are set by hand. */
export class FakeTier implements PrimaryTier {
  readonly name = 'fake';
  /** What the table has; an error where the engine is down. */
  table: readonly SourceMinuteCount[] | Error = [];

  async countByMinute(): Promise<readonly SourceMinuteCount[]> {
    if (this.table instanceof Error) throw this.table;
    return this.table;
  }

  async count(): Promise<number> {
    return (await this.countByMinute()).reduce((sum, { events }) => sum + events, 0);
  }

  /** When the events in quarantine were accepted: nanoseconds since the epoch. */
  readonly refused: { readonly tenant: string; readonly stream: string; readonly at: bigint }[] = [];

  countRefused = async ({ tenant, to = 0n }: QuarantineFilter): Promise<QuarantineCounts> => {
    const found = this.refused.filter((one) => one.tenant === tenant && one.at < to);
    const streams = [...new Set(found.map(({ stream }) => stream))].map((value) => ({
      ...{ value, events: found.filter(({ stream }) => stream === value).length },
    }));
    return { total: found.length, reasons: [], sources: [], streams, parsers: [] };
  };

  scanRefused = nothingFound;
  refusedPlaces = nothingFound;
  countQuarantine = nothingFound;
  present = nothingFound;
  clientIds = nothingFound;
  daysOf = nothingFound;
  checkRollUps = nothingFound;
  insert = nothingStored;
  refuse = nothingStored;
  prepare = nothingDone;
  ping = nothingDone;
  stop = nothingDone;
  rebuildRollUps = nothingDone;
}

async function nothingFound(): Promise<never[]> {
  return [];
}

async function nothingStored(): Promise<{ readonly stored: number; readonly quarantined: readonly never[] }> {
  return { stored: 0, quarantined: [] };
}

async function nothingDone(): Promise<void> {}
