import type { SourceMinuteCount } from '#plugin-kit';
import type { PrimaryTier } from '#storage-tier';

/** A tier with one table whose numbers are set by hand, and no quarantine. */
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
