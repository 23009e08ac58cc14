import { Inject, Injectable } from '@nestjs/common';
import { DamagedObjects, LegalHolds } from '#archived-units';
import { printDay } from '#retention';
import type { ShownRetentionStatus } from './status.schema.js';

type Told = Pick<ShownRetentionStatus, 'damaged_archives' | 'legal_holds'>;

/** Tells what jobs found of objects of the archive. */
@Injectable()
export class ArchiveObjects {
  constructor(
    @Inject(DamagedObjects) private readonly damaged: DamagedObjects,
    @Inject(LegalHolds) private readonly holds: LegalHolds,
  ) {}

  async of(tenant: string, streams: readonly string[]): Promise<Told> {
    const damaged = await Promise.all(
      streams.map(async (stream) =>
        (await this.damaged.of({ tenant, stream })).map((object) => ({ stream, ...object })),
      ),
    );
    const holds = await Promise.all(
      streams.map(async (stream) => ({ stream, ...(await this.holds.of({ tenant, stream })) })),
    );
    return {
      damaged_archives: damaged.flat().map((object) => ({ ...object, day: printDay(object.day) })),
      legal_holds: {
        objects: holds.reduce((sum, { held }) => sum + held.length, 0),
        refused: holds.flatMap(({ stream, refused }) => refused.map((one) => ({ stream, ...one }))),
      },
    };
  }
}
