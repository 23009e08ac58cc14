import { Inject, Injectable } from '@nestjs/common';
import { RunTimeSettings } from '#app-config';
import { ArchivedUnits, type TrashedUnit } from '#archived-units';
import { StreamRegistry } from '#storage-tier';

const HOUR_MS = 3_600_000;

/** A day that was deleted out of the archive and can be brought back. */
export interface TrashedDay extends TrashedUnit {
  readonly stream: string;
  /** When it can no longer, unless a hold keeps it in the trash; RFC 3339. */
  readonly goneAt: string;
}

/** Reads the trash of a tenant's archives. */
@Injectable()
export class TrashedDays {
  constructor(
    @Inject(StreamRegistry) private readonly streams: StreamRegistry,
    @Inject(ArchivedUnits) private readonly archived: ArchivedUnits,
    @Inject(RunTimeSettings) private readonly settings: RunTimeSettings,
  ) {}

  /** By stream, and there by day. */
  async of(tenant: string): Promise<readonly TrashedDay[]> {
    const streams = await this.streams.list(tenant);
    return (await Promise.all(streams.map(({ name }) => this.#ofStream(tenant, name)))).flat();
  }

  async #ofStream(tenant: string, stream: string): Promise<readonly TrashedDay[]> {
    const { trash = [] } = await this.archived.of(tenant, stream);
    const hours = this.settings.current.archiveTrashHours;
    return trash
      .filter(({ purging }) => !purging)
      .map((unit) => {
        const goneAt = new Date(Date.parse(unit.trashed_at) + hours * HOUR_MS).toISOString();
        return { ...unit, stream, goneAt };
      });
  }
}
