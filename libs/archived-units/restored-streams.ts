import type { Catalogue } from '#catalogue';
import type { ArchivedStream, StreamArchive } from './archived-unit.js';

const COLLECTION = 'restored-streams';
const PAGE = 100;

/** Kind of the job that restores a stream, and takes it away; one at a time in a process. */
export const RESTORE_JOB = 'archives.restore';

/** A stream that is copied out of an archive for a while. */
export interface RestoredStream extends ArchivedStream {
  /** `restoring` until every unit is there. */
  readonly state: 'restoring' | 'restored' | 'leaving';
  /** The stream whose events they are. */
  readonly original: string;
  /** The place that the archive lies in, as settings name it. */
  readonly place: string;
  /** What is restored. */
  readonly archive: Pick<StreamArchive, 'schemas' | 'units'>;
  /** RFC 3339. */
  readonly begun_at: string;
  readonly restored_at?: string;
  /** When it is taken away again, RFC 3339. */
  readonly expires_at: string;
}

/** The streams that are restored: one document of each, `<tenant>/<stream>`. */
export class RestoredStreams {
  constructor(private readonly catalogue: Pick<Catalogue, 'read' | 'write' | 'scan'>) {}

  async find(of: ArchivedStream): Promise<RestoredStream | undefined> {
    return (await this.catalogue.read<RestoredStream>(COLLECTION, idOf(of)))?.value;
  }

  /** Those of a tenant, or of all. */
  async list(tenant?: string): Promise<readonly RestoredStream[]> {
    const all: RestoredStream[] = [];
    for (let after: string | undefined; ;) {
      const page = await this.catalogue.scan<RestoredStream>(COLLECTION, {
        ...{ limit: PAGE, ...(tenant !== undefined && { prefix: `${tenant}/` }) },
        ...(after !== undefined && { after }),
      });
      all.push(...page.map(({ value }) => value));
      after = page.at(-1)?.id;
      if (after === undefined) return all;
    }
  }

  /** False where there is one of the name. */
  async begin(restored: RestoredStream): Promise<boolean> {
    const change = { collection: COLLECTION, id: idOf(restored), value: restored, ifVersion: 0 };
    const [outcome] = await this.catalogue.write([change]);
    return outcome?.kind === 'written';
  }

  /** Other units have the events of those that are restored. False where it is to leave meanwhile. */
  renew(of: ArchivedStream, archive: RestoredStream['archive']): Promise<boolean> {
    return this.#change(of, (one) => (one.state === 'restoring' ? { ...one, archive } : undefined));
  }

  /** Every unit is there. False where it is to leave meanwhile. */
  finish(of: ArchivedStream, at: string): Promise<boolean> {
    return this.#change(of, (one) =>
      one.state === 'restoring' ? { ...one, state: 'restored', restored_at: at } : undefined,
    );
  }

  /** It is to be taken away. Idempotent. */
  async leave(of: ArchivedStream): Promise<void> {
    await this.#change(of, (one) => ({ ...one, state: 'leaving' }));
  }

  async forget(of: ArchivedStream): Promise<void> {
    await this.catalogue.write([{ collection: COLLECTION, id: idOf(of), value: undefined }]);
  }

  async #change(
    of: ArchivedStream,
    change: (restored: RestoredStream) => RestoredStream | undefined,
  ): Promise<boolean> {
    for (;;) {
      const stored = await this.catalogue.read<RestoredStream>(COLLECTION, idOf(of));
      const value = stored && change(stored.value);
      if (!value) return false;
      const { version: ifVersion } = stored;
      const [outcome] = await this.catalogue.write([
        { collection: COLLECTION, id: idOf(of), value, ifVersion },
      ]);
      if (outcome?.kind === 'written') return true;
    }
  }
}

/** The job that restores it; no stream's name has a dot. */
export function restoreJobId({ tenant, stream }: ArchivedStream): string {
  return `${tenant}.${stream}`;
}

/** The job that takes it away. */
export function unloadJobId(of: ArchivedStream): string {
  return `${restoreJobId(of)}.away`;
}

function idOf({ tenant, stream }: ArchivedStream): string {
  return `${tenant}/${stream}`;
}
