import { Inject, Injectable } from '@nestjs/common';
import { outsideTierOf, type StreamArchive } from '#archived-units';
import { PLUGIN_REGISTRY, type PluginRegistry } from '#plugin-host';
import {
  LostUnits,
  printDay,
  streamStatuses,
  UnitReader,
  type ArchiveStatus,
  type StreamStatus,
} from '#retention';
import { FIRST_TIER } from '#retention-policy';
import { ArchiveObjects } from './archive-objects.js';
import type { ShownArchive, ShownRetentionStatus } from './status.schema.js';

type Told = 'streams' | 'table_ttls' | 'lost_units' | 'damaged_archives' | 'legal_holds' | 'missing_tiers';

/** Tells of each stream what should be there and what is. */
@Injectable()
export class StoredStreams {
  constructor(
    @Inject(UnitReader) private readonly units: UnitReader,
    @Inject(LostUnits) private readonly lost: LostUnits,
    @Inject(ArchiveObjects) private readonly objects: ArchiveObjects,
    @Inject(PLUGIN_REGISTRY) private readonly plugins: Pick<PluginRegistry, 'unitTiers'>,
  ) {}

  /** Read from the tier now. @throws TierError */
  async read(tenant: string, now: number): Promise<Pick<ShownRetentionStatus, Told>> {
    const seen = await this.units.read(tenant, now);
    const names = seen.specs.map(({ name }) => name);
    const lost = await this.lost.of(tenant, names);
    return {
      streams: streamStatuses(seen).map(shownStream),
      table_ttls: [...seen.ttls],
      lost_units: lost.map((unit) => ({ ...unit, day: printDay(unit.day) })),
      ...(await this.objects.of(tenant, names)),
      missing_tiers: this.#missing(seen.context.archives),
    };
  }

  /** What is kept by plugins that are not there. */
  #missing(archives: ReadonlyMap<string, StreamArchive>): ShownRetentionStatus['missing_tiers'] {
    const found = new Map<string, { units: number; streams: string[] }>();
    for (const [stream, { units }] of archives)
      for (const tier of units.flatMap((unit) => outsideTierOf(unit) ?? [])) {
        if (this.plugins.unitTiers.has(tier)) continue;
        const { units: before, streams } = found.get(tier) ?? { units: 0, streams: [] };
        found.set(tier, { units: before + 1, streams: [...new Set([...streams, stream])] });
      }
    return [...found].map(([tier, counted]) => ({ tier, ...counted }));
  }
}

function shownStream(status: StreamStatus): ShownRetentionStatus['streams'][number] {
  const { stream, event_type, policy, keep, lock_days, class: importance, held_by } = status;
  const { stored, overdue, drift, held, next } = status;
  return {
    ...{ stream, event_type, policy, keep, class: importance, held_by: [...held_by] },
    ...(lock_days !== undefined && { lock_days }),
    tiers: [
      {
        ...{ tier: FIRST_TIER, stored, overdue, drift, held },
        oldest_wanted: dayOrNull(status.wantedOldest),
        oldest_stored: dayOrNull(status.actualOldest),
        newest_stored: dayOrNull(status.actualNewest),
        next: next ? { day: printDay(next.day), leaves_at: timeOf(next.at) } : null,
      },
    ],
    ...(status.archive && { archive: shownArchive(status.archive) }),
  };
}

function shownArchive({ tier, stored, due, drift, next, ...days }: ArchiveStatus): ShownArchive {
  return {
    ...{ tier, stored, due, drift },
    oldest_stored: dayOrNull(days.actualOldest),
    newest_stored: dayOrNull(days.actualNewest),
    next: next ? { day: printDay(next.day), copied_at: timeOf(next.at) } : null,
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

function dayOrNull(day: number | undefined): string | null {
  return day === undefined ? null : printDay(day);
}
