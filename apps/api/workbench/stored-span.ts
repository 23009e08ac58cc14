import { Inject, Injectable } from '@nestjs/common';
import { answersIn, ArchivedUnits, type ArchivedUnit } from '#archived-units';
import type { StoredPart, StreamSpec, TimeSpan } from '#plugin-kit';
import { TierRegistry } from '#storage-tier';

/** Tells where the events of a stream's time span are. */
@Injectable()
export class StoredSpan {
  constructor(
    @Inject(TierRegistry) private readonly tiers: TierRegistry,
    @Inject(ArchivedUnits) private readonly archived: ArchivedUnits,
  ) {}

  /** Parts of tables, and days that archives answer for, whose parts may be there still. @throws TierError */
  async of(
    stream: StreamSpec,
    span: TimeSpan,
  ): Promise<{ readonly parts: readonly StoredPart[]; readonly archived: readonly ArchivedUnit[] }> {
    const { units } = await this.archived.of(stream.tenant, stream.name);
    return {
      parts: await this.tiers.rewriting.storedParts(stream, span),
      archived: units.filter((unit) => answersIn(unit, span)),
    };
  }
}
