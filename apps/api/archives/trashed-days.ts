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
  of(tenant: string): Promise<readonly TrashedDay[]> {
    return this.#all(tenant, ({ purging }) => !purging);
  }

  /** Those that are deleted for good, but for the lock of their store. */
  lockedOf(tenant: string): Promise<readonly TrashedDay[]> {
    return this.#all(tenant, ({ purging, locked }) => purging === true && locked !== undefined);
  }

  async #all(tenant: string, wanted: (unit: TrashedUnit) => boolean): Promise<readonly TrashedDay[]> {
    const hours = this.settings.current.archiveTrashHours;
    const goneAt = ({ trashed_at: at }: TrashedUnit): string =>
      new Date(Date.parse(at) + hours * HOUR_MS).toISOString();
    const streams = await this.streams.list(tenant);
    const days = await Promise.all(
      streams.map(async ({ name: stream }) => {
        const { trash = [] } = await this.archived.of(tenant, stream);
        return trash.filter(wanted).map((unit) => ({ ...unit, stream, goneAt: goneAt(unit) }));
      }),
    );
    return days.flat();
  }
}
