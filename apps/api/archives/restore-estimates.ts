import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { RunTimeSettings } from '#app-config';
import { hasEventsIn, type RestoredStream } from '#archived-units';
import { isStreamName, parseTime } from '#event-model';
import { DiskGuard } from '#observability';
import type { StreamSpec } from '#plugin-kit';
import { requireStream } from '../guarding/stream-access.js';
import { Problem } from '../problems/problem.js';
import { ArchivesOfStreams } from '../search/archives-of-streams.js';
import { StreamSelector } from '../search/stream-selector.js';
import { archiveFigures } from './archive-figures.js';
import type { RestoreEstimate, RestoreRequest } from './restore.schema.js';

/** Bytes of a table for each byte of archive, about: what ADR 0031 measured, and room for merges. */
const GROWTH = 1.5;
const DAY_MS = 86_400_000;

/** What would be restored. */
export interface Restorable {
  readonly original: StreamSpec;
  readonly restored: RestoredStream;
  readonly estimate: RestoreEstimate;
}

/** Says what restoring a time would bring and take, from what is known of the archive; reads no event. */
@Injectable()
export class RestoreEstimates {
  constructor(
    @Inject(StreamSelector) private readonly streams: StreamSelector,
    @Inject(ArchivesOfStreams) private readonly archives: ArchivesOfStreams,
    @Inject(DiskGuard) private readonly disk: DiskGuard,
    @Inject(RunTimeSettings) private readonly settings: RunTimeSettings,
  ) {}

  /** @throws Problem `stream_unknown`, `forbidden`, `invalid_request`, `nothing_to_restore`, `archive_unreadable` */
  async read(caller: Principal, request: RestoreRequest, now = Date.now()): Promise<Restorable> {
    const name = request.name ?? defaultName(request.stream, now);
    requireStream(caller, name);
    this.#requireDays(request.expires_in_days);
    const original = await this.streams.one(caller, request.stream);
    const { archive, place } = await this.archives.of(original);
    const [from = 0n, to = 0n] = [request.start_time, request.end_time].map((time) => parseTime(time));
    const units = archive.units.filter((unit) => hasEventsIn(unit, { from, to }));
    if (units.length === 0)
      throw new Problem('nothing_to_restore', `The archive has nothing of "${request.stream}" then.`);
    const restored: RestoredStream = {
      ...{ tenant: caller.tenant, stream: name, state: 'restoring', original: request.stream, place },
      archive: { schemas: archive.schemas, units },
      begun_at: new Date(now).toISOString(),
      expires_at: new Date(now + request.expires_in_days * DAY_MS).toISOString(),
    };
    return { original, restored, estimate: await this.#estimate(restored) };
  }

  async #estimate({ stream, original, archive, expires_at }: RestoredStream): Promise<RestoreEstimate> {
    const figures = archiveFigures(archive.units);
    const { freeBytes, reserveBytes } = await this.disk.state();
    const needed = Math.ceil(figures.bytes * GROWTH);
    const free = Math.max(0, freeBytes - reserveBytes);
    return {
      ...{ name: stream, stream: original, ...figures, expires_at },
      ...{ disk_bytes_needed: needed, disk_bytes_free: free, fits: needed < free },
    };
  }

  #requireDays(days: number): void {
    const most = this.settings.current.archiveRestoreDays;
    if (days <= most) return;
    const mend = `Give 1 to ${most} days, or let an admin raise the setting archive_restore_days.`;
    throw new Problem('invalid_request', 'The request has a mistake; see errors.', {
      errors: [{ path: 'expires_in_days', message: `is more than ${most}`, mend }],
    });
  }
}

function defaultName(stream: string, now: number): string {
  const name = `${stream}-restored-${new Date(now).toISOString().slice(0, 10).replaceAll('-', '')}`;
  if (isStreamName(name)) return name;
  const mend = 'Give a name of your own.';
  throw new Problem('invalid_request', 'The request has a mistake; see errors.', {
    errors: [{ path: 'name', message: `would be too long as "${name}"`, mend }],
  });
}
