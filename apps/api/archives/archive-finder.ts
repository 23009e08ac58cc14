import { Inject, Injectable } from '@nestjs/common';
import { AttachablePlaces, ArchiveStorageError } from '#archive-storage';
import type { EventTypeDeclaration } from '#event-model';
import { EventTypeRegistry } from '#storage-tier';
import { Problem } from '../problems/problem.js';
import type { AttachRequest, ShownRefusal } from './attach.schema.js';
import { ArchiveTooLarge, findArchive, type FoundArchive, type FoundUnit } from '#archived-units';
import { ReadableUnits } from './readable-units.js';
import { TrustedSigners } from './trusted-signers.js';

/** An archive that can be attached, and what of it can not. */
export interface AttachableArchive {
  /** Undefined where there is nothing that can be read. */
  readonly eventType: EventTypeDeclaration | undefined;
  /** By day and generation. */
  readonly units: readonly FoundUnit[];
  readonly refused: readonly ShownRefusal[];
  readonly signedBy: readonly string[];
}

/** Finds archives in the places that settings name, and looks whether they can be read here. */
@Injectable()
export class ArchiveFinder {
  constructor(
    @Inject(AttachablePlaces) private readonly attachable: AttachablePlaces,
    @Inject(TrustedSigners) private readonly signers: TrustedSigners,
    @Inject(EventTypeRegistry) private readonly eventTypes: EventTypeRegistry,
    @Inject(ReadableUnits) private readonly readable: ReadableUnits,
  ) {}

  /** Names of the places that there are. */
  get places(): readonly string[] {
    return this.attachable.names;
  }

  /**
   * A tenant's archives are found by nobody else, wherever they lie.
   *
   * @throws Problem `archive_place_unknown`, `archive_place_unreadable`, `archive_too_large`
   */
  async find(
    tenant: string,
    { place, stream }: Pick<AttachRequest, 'place' | 'stream'>,
  ): Promise<AttachableArchive> {
    const signers = await this.signers.read();
    const found = await this.#read(place, { tenant, stream }, signers);
    const name = found.units.at(-1)?.manifest.event_type.name;
    const eventType = name === undefined ? undefined : this.eventTypes.get(tenant, name);
    const judged = found.units.map((unit) => this.readable.judge(unit, name, eventType));
    const units = found.units.filter((_unit, n) => judged[n] === undefined);
    const signedBy = new Set(units.map(({ keyId }) => signers.get(keyId) ?? keyId));
    const refused = [...found.refused, ...judged.flatMap((one) => one ?? [])];
    return { eventType: units.length > 0 ? eventType : undefined, units, refused, signedBy: [...signedBy] };
  }

  async #read(
    name: string,
    wanted: { readonly tenant: string; readonly stream: string },
    signers: ReadonlyMap<string, string>,
  ): Promise<FoundArchive> {
    const place = this.attachable.get(name);
    if (!place)
      throw new Problem(
        'archive_place_unknown',
        `Settings name no place "${name}"; there are: ${this.places.join(', ')}.`,
      );
    try {
      return await findArchive(place.storage, wanted, (id) => signers.has(id));
    } catch (cause) {
      if (cause instanceof ArchiveTooLarge) throw new Problem('archive_too_large', cause.message, { cause });
      if (cause instanceof ArchiveStorageError)
        throw new Problem('archive_place_unreadable', `The place "${name}" can not be read now.`, { cause });
      throw cause;
    }
  }
}
