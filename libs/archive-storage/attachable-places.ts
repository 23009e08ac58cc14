import type { ArchiveStorage } from './archive-storage.port.js';
import type { LocalObjects } from './local-objects.js';

/** The name by which the appliance's own archive is known among the places. */
export const OWN_PLACE = 'archive';

/** A place of archives that are only read: nothing is put or deleted there. */
export interface AttachablePlace {
  readonly storage: Pick<ArchiveStorage, 'get' | 'list'>;
  readonly objects: LocalObjects;
}

/** The places that archives may be read from, by the names that settings give them. No request names a path. */
export class AttachablePlaces {
  constructor(
    private readonly places: ReadonlyMap<string, AttachablePlace>,
    private readonly close: () => Promise<void>,
  ) {}

  /** Undefined where settings name no such place, or not any more. */
  get(name: string): AttachablePlace | undefined {
    return this.places.get(name);
  }

  get names(): readonly string[] {
    return [...this.places.keys()];
  }

  stop(): Promise<void> {
    return this.close();
  }
}
