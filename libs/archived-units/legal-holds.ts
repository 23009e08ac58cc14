import type { Catalogue } from '#catalogue';
import { isDeepStrictEqual } from 'node:util';
import type { ArchivedStream } from './archived-unit.js';

/** Of the catalogue: {@link StreamLegalHolds} by `tenant/stream`. */
export const LEGAL_HOLDS_COLLECTION = 'archive-legal-holds';
/** Kind of the job that brings the store's legal holds to what holds keep. */
export const LEGAL_HOLDS_JOB = 'archive.holds';

/** Of a stream's archive: which objects the store keeps for holds. */
export interface StreamLegalHolds {
  /** Keys of objects whose legal hold is set. */
  readonly held: readonly string[];
  /** Keys of those where it was about to be: it may be set. */
  readonly setting: readonly string[];
  /** What the store refused to set or to lift. */
  readonly refused: readonly RefusedHold[];
}

/** A legal hold that the store did not take, or does not give up. */
export interface RefusedHold {
  readonly key: string;
  readonly detail: string;
  /** When that was seen first, RFC 3339. */
  readonly since: string;
}

const NONE: StreamLegalHolds = { held: [], setting: [], refused: [] };

/** The same in another store, to which the archive may have been brought: each may be set there or not, so the job sets it. */
export function legalHoldsElsewhere({ held, setting }: StreamLegalHolds): StreamLegalHolds {
  return { ...NONE, setting: [...new Set([...held, ...setting])] };
}

/** Legal holds that the appliance has set in its store. One writer: the job that sets them. */
export class LegalHolds {
  constructor(private readonly catalogue: Pick<Catalogue, 'read' | 'write'>) {}

  async of({ tenant, stream }: ArchivedStream): Promise<StreamLegalHolds> {
    const stored = await this.catalogue.read<StreamLegalHolds>(LEGAL_HOLDS_COLLECTION, `${tenant}/${stream}`);
    return stored?.value ?? NONE;
  }

  /** Writes what is set now in the place of what was. */
  async keep(of: ArchivedStream, holds: StreamLegalHolds): Promise<void> {
    if (isDeepStrictEqual(await this.of(of), holds)) return;
    const value = isDeepStrictEqual(holds, NONE) ? undefined : holds;
    await this.catalogue.write([
      { collection: LEGAL_HOLDS_COLLECTION, id: `${of.tenant}/${of.stream}`, value },
    ]);
  }
}
