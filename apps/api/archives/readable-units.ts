import { Inject, Injectable } from '@nestjs/common';
import { ArchiveEncryption } from '#archive-encryption';
import { ArchiveStorageError, requireKeys } from '#archive-storage';
import type { EventTypeDeclaration } from '#event-model';
import { TierError } from '#plugin-kit';
import { TierRegistry } from '#storage-tier';
import type { ShownRefusal } from './attach.schema.js';
import type { FoundUnit } from '#archived-units';

/** Looks whether units of an archive can be read here, by what their manifests say. */
@Injectable()
export class ReadableUnits {
  constructor(
    @Inject(TierRegistry) private readonly tiers: TierRegistry,
    @Inject(ArchiveEncryption) private readonly encryption: ArchiveEncryption,
  ) {}

  /**
   * Why a unit can't be read; undefined where it can.
   *
   * @param name of the event type of the archive
   */
  judge(
    { key, manifest }: FoundUnit,
    name: string | undefined,
    eventType: EventTypeDeclaration | undefined,
  ): ShownRefusal | undefined {
    const refusal = (detail: string): ShownRefusal => ({ key, reason: 'event_type', detail });
    const own = manifest.event_type.name;
    if (own !== name) return refusal(`It is of the event type "${own}", and the newest day of "${name}".`);
    if (!eventType) return refusal(`There is no event type "${own}" here: declare it, as it was there.`);
    try {
      this.tiers.restoring.checkColumns(eventType, manifest.columns);
      requireKeys(manifest.files, this.encryption);
      return undefined;
    } catch (error) {
      if (error instanceof ArchiveStorageError) return { key, reason: 'key_missing', detail: error.message };
      if (error instanceof TierError && error.failure === 'config') return refusal(error.message);
      throw error;
    }
  }
}
