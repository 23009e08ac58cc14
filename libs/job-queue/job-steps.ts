import type { JobStep, RunningJob } from './job-queue.port.js';

/** How far a run is as a whole. */
interface Whole {
  /** 0 to 1. */
  readonly share: number;
  readonly note: string;
}

/** The steps of a run, one after the other, as the job shows them. */
export class JobSteps {
  #steps: readonly JobStep[];
  #whole: Whole = { share: 0, note: '' };

  /** @param names in the order in which they are done */
  constructor(
    private readonly job: Pick<RunningJob, 'progress'>,
    names: readonly string[],
    private readonly now: () => number = Date.now,
  ) {
    this.#steps = names.map((name, at) => {
      const before = names[at - 1];
      const step: JobStep = { name, state: 'waiting', progress: 0 };
      return before === undefined ? step : { ...step, waitsFor: before };
    });
  }

  /** Begins a step; those before it are done. */
  async begin(name: string): Promise<void> {
    const at = this.#steps.findIndex((step) => step.name === name);
    this.#steps = this.#steps.map((step, place) => {
      if (place < at) return this.#done(step);
      if (place > at) return step;
      return { name, state: 'running', progress: 0, startedAt: this.now() };
    });
    await this.#tell();
  }

  /** How far the step under way is, and with it the whole. @param share of the step, 0 to 1 */
  async reach(share: number, whole: Whole): Promise<void> {
    this.#whole = whole;
    this.#change((step) => ({ ...step, progress: share }));
    await this.#tell();
  }

  /** What the step under way is at. */
  async say(note: string): Promise<void> {
    this.#change((step) => ({ ...step, note }));
    await this.#tell();
  }

  /** All of them are done. */
  async end(note: string): Promise<void> {
    this.#whole = { share: 1, note };
    this.#steps = this.#steps.map((step) => this.#done(step));
    await this.#tell();
  }

  #change(change: (step: JobStep) => JobStep): void {
    this.#steps = this.#steps.map((step) => (step.state === 'running' ? change(step) : step));
  }

  #done(step: JobStep): JobStep {
    if (step.state === 'done') return step;
    const { note: _note, waitsFor: _waitsFor, ...rest } = step;
    const now = this.now();
    return { startedAt: now, ...rest, state: 'done', progress: 1, endedAt: now };
  }

  async #tell(): Promise<void> {
    const { share, note } = this.#whole;
    await this.job.progress(share, note || undefined, this.#steps);
  }
}
