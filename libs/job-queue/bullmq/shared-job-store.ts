import type { Catalogue, Stored } from '#catalogue';
import { hasEnded, JOBS, KEEP_ENDED_MS, type JobRecords, type StoredJob } from '../records/stored-job.js';
import type { Transition } from '../records/stored-job.js';

const PAGE = 1_000;

/** All jobs in the catalogue, which other processes may change too: nothing is remembered here. */
export class SharedJobStore implements JobRecords {
  constructor(private readonly catalogue: Catalogue) {}

  async read(key: string): Promise<StoredJob | undefined> {
    return (await this.catalogue.read<StoredJob>(JOBS, key))?.value;
  }

  /** Every job, in the order of their keys. */
  async *all(): AsyncGenerator<Stored<StoredJob>> {
    let page: readonly Stored<StoredJob>[];
    let after = '';
    do {
      page = await this.catalogue.scan<StoredJob>(JOBS, { limit: PAGE, ...(after && { after }) });
      yield* page;
      after = page.at(-1)?.id ?? '';
    } while (page.length === PAGE);
  }

  /** Decided again on what the job is by then, where another process was faster. */
  async update(key: string, transition: Transition): Promise<StoredJob | undefined> {
    for (;;) {
      const stored = await this.catalogue.read<StoredJob>(JOBS, key);
      const value = transition(stored?.value);
      if (!value) return undefined;
      const change = { collection: JOBS, id: key, value, ifVersion: stored?.version ?? 0 };
      const [outcome] = await this.catalogue.write([change]);
      if (outcome?.kind === 'written') return value;
    }
  }

  /** Forgets a job that ended so long ago that nobody looks at it any more; false where it isn't one. */
  async forgetOld({ id, value, version }: Stored<StoredJob>, now: number): Promise<boolean> {
    if (!hasEnded(value.state) || (value.endedAt ?? now) >= now - KEEP_ENDED_MS) return false;
    await this.catalogue.write([{ collection: JOBS, id, value: undefined, ifVersion: version }]);
    return true;
  }
}
