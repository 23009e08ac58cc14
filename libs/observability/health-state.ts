export type HealthStatus = 'up' | 'degraded' | 'down';

/** What one part says of itself. `detail` is shown to keys only. */
export interface HealthReport {
  readonly status: HealthStatus;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Answers soon and may reject, which counts as `down`. */
export type HealthCheck = () => Promise<HealthReport>;

/** Milliseconds after which a part that says nothing counts as `down`. */
const PATIENCE_MS = 2_000;

/**
 * Whether this process can do its work, told part by part. A part reports `down` only where the process can't serve
 * without it, otherwise `degraded`.
 */
export class HealthState {
  readonly #checks = new Map<string, HealthCheck>();
  #started = false;
  #draining = false;

  constructor(private readonly patienceMs = PATIENCE_MS) {}

  /** Adds a part; a later one of the same name takes its place. */
  register(name: string, check: HealthCheck): void {
    this.#checks.set(name, check);
  }

  /** Says that the start is over. */
  markStarted(): void {
    this.#started = true;
  }

  /** Says that the process is ending: it finishes what it has and takes nothing new. */
  markDraining(): void {
    this.#draining = true;
  }

  get started(): boolean {
    return this.#started;
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** Asks every part; the process itself is one of them. */
  async ready(): Promise<ReadonlyMap<string, HealthReport>> {
    const entries = [...this.#checks].map(async ([name, check]) => [name, await this.#ask(check)] as const);
    return new Map([['process', this.#process()], ...(await Promise.all(entries))]);
  }

  #process(): HealthReport {
    const phase = this.#draining ? 'draining' : this.#started ? 'running' : 'starting';
    return { status: phase === 'running' ? 'up' : 'down', detail: { phase } };
  }

  async #ask(check: HealthCheck): Promise<HealthReport> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<HealthReport>((resolve) => {
      timer = setTimeout(() => resolve(down('gave no answer in time')), this.patienceMs);
    });
    try {
      return await Promise.race([check(), silence]);
    } catch (error) {
      return down(error instanceof Error ? error.message : String(error));
    } finally {
      clearTimeout(timer);
    }
  }
}

function down(error: string): HealthReport {
  return { status: 'down', detail: { error } };
}
