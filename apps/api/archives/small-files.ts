import { Inject, Injectable } from '@nestjs/common';
import { RunTimeSettings } from '#app-config';
import { ArchivedUnits, mergeableUnits, type ReplacedUnit } from '#archived-units';
import { printDay, RetentionHolds } from '#retention';
import { StreamRegistry } from '#storage-tier';
import { archiveFigures } from './archive-figures.js';
import type { ShownCompaction } from './compaction.schema.js';

const HOUR_MS = 3_600_000;

/** Small files of a tenant's archives: those that are to be merged, and those that were. */
@Injectable()
export class SmallFiles {
  constructor(
    @Inject(StreamRegistry) private readonly streams: StreamRegistry,
    @Inject(ArchivedUnits) private readonly archived: ArchivedUnits,
    @Inject(RetentionHolds) private readonly holds: RetentionHolds,
    @Inject(RunTimeSettings) private readonly settings: RunTimeSettings,
  ) {}

  async of(tenant: string): Promise<Pick<ShownCompaction, 'days' | 'replaced'>> {
    const days: ShownCompaction['days'] = [];
    const replaced: ReplacedUnit[] = [];
    for (const { name } of await this.streams.list(tenant)) {
      days.push(...(await this.#daysOf(tenant, name)));
      replaced.push(...((await this.archived.of(tenant, name)).replaced ?? []));
    }
    const { units: files, events, bytes } = archiveFigures(replaced);
    const gone = this.#goneAt(replaced);
    return { days, replaced: { files, events, bytes, ...(gone !== undefined && { gone_at: gone }) } };
  }

  async #daysOf(tenant: string, stream: string): Promise<ShownCompaction['days']> {
    const { archiveCompactFiles: files, archiveCompactFileBytes: fileBytes } = this.settings.current;
    const groups = mergeableUnits(await this.archived.of(tenant, stream), { files, fileBytes });
    return Promise.all(
      groups.map(async ({ day, units }) => {
        const { units: count, events, bytes } = archiveFigures(units);
        const held = (await this.holds.keeping(tenant, { stream, day })).length > 0;
        return { stream, day: printDay(day), files: count, events, bytes, held };
      }),
    );
  }

  /** When the first of what was merged is deleted. */
  #goneAt(replaced: readonly ReplacedUnit[]): string | undefined {
    const { archiveTrashHours: trash, archiveGraceHours: grace } = this.settings.current;
    const [first] = replaced.map(({ replaced_at: at }) => at).toSorted();
    if (first === undefined) return undefined;
    return new Date(Date.parse(first) + Math.max(trash, grace) * HOUR_MS).toISOString();
  }
}
