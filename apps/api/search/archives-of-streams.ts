import { Inject, Injectable } from '@nestjs/common';
import { AttachablePlaces, LocalObjects, OWN_PLACE } from '#archive-storage';
import { ArchivedUnits, AttachedArchives, type StreamArchive } from '#archived-units';
import type { StreamSpec } from '#plugin-kit';
import { Problem } from '../problems/problem.js';

/** What of a stream is in an archive, and who gives its files. */
export interface ArchiveOfStream {
  readonly archive: Pick<StreamArchive, 'schemas' | 'units' | 'awaited'>;
  readonly objects: LocalObjects;
  /** As settings name it. */
  readonly place: string;
}

/** Finds the archive of a stream: the appliance's own, or one that was attached. */
@Injectable()
export class ArchivesOfStreams {
  constructor(
    @Inject(ArchivedUnits) private readonly units: ArchivedUnits,
    @Inject(LocalObjects) private readonly objects: LocalObjects,
    @Inject(AttachedArchives) private readonly attached: AttachedArchives,
    @Inject(AttachablePlaces) private readonly places: AttachablePlaces,
  ) {}

  /** @throws Problem `archive_unreadable` where it lies in a place that settings do not name any more */
  async of({ tenant, name, readOnly }: StreamSpec): Promise<ArchiveOfStream> {
    if (readOnly !== 'attached')
      return { archive: await this.units.of(tenant, name), objects: this.objects, place: OWN_PLACE };
    const attached = await this.attached.of(tenant, name);
    const place = attached && this.places.get(attached.place);
    if (place) return { archive: attached.archive, objects: place.objects, place: attached.place };
    const where = attached ? `in the place ${attached.place}, which settings do not name` : 'nowhere';
    throw new Problem('archive_unreadable', `The archive of the stream "${name}" lies ${where}.`);
  }
}
