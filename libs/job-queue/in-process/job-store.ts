import type { Catalogue, Stored } from '#catalogue';
import { JOBS, type JobRecords, type StoredJob, type Transition } from '../records/stored-job.js';

const PAGE = 1_000;

/** All jobs, in memory and in the catalogue; memory changes only when the catalogue has answered. */
export class JobStore implements JobRecords {
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
      page = await catalogue.scan<StoredJob>(JOBS, { limit: PAGE, ...(after && { after }) });
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
    await this.catalogue.write(keys.map((id) => ({ collection: JOBS, id, value: undefined })));
    for (const key of keys) this.jobs.delete(key);
  }

  private async apply(key: string, transition: Transition): Promise<StoredJob | undefined> {
    const next = transition(this.jobs.get(key));
    if (!next) return undefined;
    await this.catalogue.write([{ collection: JOBS, id: key, value: next }]);
    this.jobs.set(key, next);
    return next;
  }
}
