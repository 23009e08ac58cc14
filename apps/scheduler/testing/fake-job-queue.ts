import type { InspectableJobQueue, JobHandler, JobRecord, NewJob } from '#job-queue';

/** A queue that keeps jobs and runs none until a test says so. */
export class FakeJobQueue implements InspectableJobQueue {
  readonly handlers = new Map<string, JobHandler>();
  readonly #jobs = new Map<string, JobRecord>();

  async add(job: NewJob): Promise<{ readonly added: boolean }> {
    const key = `${job.kind}:${job.id}`;
    if (this.#jobs.has(key)) return { added: false };
    const fresh = { state: 'waiting', attempt: 0, progress: 0, addedAt: 0, runAt: 0 } as const;
    this.#jobs.set(key, { ...job, ...fresh, payload: job.payload ?? {} });
    return { added: true };
  }

  process(kind: string, handler: JobHandler): void {
    this.handlers.set(kind, handler);
  }

  async find(kind: string, id: string): Promise<JobRecord | undefined> {
    return this.#jobs.get(`${kind}:${id}`);
  }

  async list(): Promise<readonly JobRecord[]> {
    return [...this.#jobs.values()];
  }

  async cancel(kind: string, id: string): Promise<boolean> {
    return this.#jobs.delete(`${kind}:${id}`);
  }

  /** Runs the handler of a kind once. */
  async runNow(kind: string, id: string): Promise<boolean> {
    const record = await this.find(kind, id);
    const handler = this.handlers.get(kind);
    if (!record || !handler) return false;
    const { signal } = new AbortController();
    await handler({ kind, id, payload: record.payload, attempt: 1, signal, progress: async () => {} });
    return true;
  }

  status() {
    return {};
  }

  async stop(): Promise<void> {}
}
