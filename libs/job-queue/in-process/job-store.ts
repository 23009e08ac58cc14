import type { Catalogue, Stored } from '#catalogue';
import type { JobRecord, JobState } from '../job-queue.port.js';

const COLLECTION = 'jobs';
const PAGE = 1_000;

/** A job as it is kept. */
export interface StoredJob extends JobRecord {
  readonly attempts: number;
  /** Changes when an ended job is added again, so that a late run of the old one can't touch the new one. */
  readonly addition: string;
}

/** Decides on a job's next record; undefined leaves it as it is. */
export type Transition = (current: StoredJob | undefined) => StoredJob | undefined;

/** What a job is known by: kind and id, neither of which has a ':'. */
export const jobKey = (job: { readonly kind: string; readonly id: string }): string =>
  `${job.kind}:${job.id}`;

/** Whether a job in this state will never run again by itself. */
export const hasEnded = (state: JobState): boolean => state !== 'waiting' && state !== 'running';

/** All jobs, in memory and in the catalogue; memory changes only when the catalogue has answered. */
export class JobStore {
  private readonly jobs = new Map<string, StoredJob>();
  /** The last transition of each job that has one under way. */
  private readonly tails = new Map<string, Promise<unknown>>();

  private constructor(private readonly catalogue: Catalogue) {}

  /** Reads what an earlier process left. */
  static async open(catalogue: Catalogue): Promise<JobStore> {
    const store = new JobStore(catalogue);
    let page: readonly Stored<StoredJob>[];
    let after = '';
    do {
      page = await catalogue.scan<StoredJob>(COLLECTION, { limit: PAGE, ...(after && { after }) });
      for (const { id, value } of page) store.jobs.set(id, value);
      after = page.at(-1)?.id ?? '';
    } while (page.length === PAGE);
    return store;
  }

  get(key: string): StoredJob | undefined {
    return this.jobs.get(key);
  }

  all(): IterableIterator<StoredJob> {
    return this.jobs.values();
  }

  /** Makes one transition durable; those of one job run one after another. Resolves with the new record, if any. */
  update(key: string, transition: Transition): Promise<StoredJob | undefined> {
    const previous = this.tails.get(key) ?? Promise.resolve();
    const own = previous.then(
      () => this.apply(key, transition),
      () => this.apply(key, transition),
    );
    this.tails.set(key, own);
    const forget = () => void (this.tails.get(key) === own && this.tails.delete(key));
    own.then(forget, forget);
    return own;
  }

  /** Forgets ended jobs. */
  async remove(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.catalogue.write(keys.map((id) => ({ collection: COLLECTION, id, value: undefined })));
    for (const key of keys) this.jobs.delete(key);
  }

  private async apply(key: string, transition: Transition): Promise<StoredJob | undefined> {
    const next = transition(this.jobs.get(key));
    if (!next) return undefined;
    await this.catalogue.write([{ collection: COLLECTION, id: key, value: next }]);
    this.jobs.set(key, next);
    return next;
  }
}
