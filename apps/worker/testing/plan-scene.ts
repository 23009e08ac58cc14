import type { JobState, RunningJob } from '#job-queue';
import type { StreamPart } from '#plugin-kit';
import type { RetentionPlan } from '#retention';
import { BY_KEY, RetentionScene } from '#retention/testing';
import type { UnitArchiving } from '../archive/unit-archiver.js';
import type { Staying, UnitMoving } from '../archive/unit-mover.js';
import { ApplyPlanJob } from '../retention/apply-plan-job.js';
import { PlanSteps } from '../retention/plan-steps.js';
import type { Removal, RemovalTask } from '../retention/unit-remover.js';

/** The stream whose days move into the archive. */
export const WEB = { tenant: 'acme', stream: 'web' };

/** Plans that are applied, over a tier and an archive in memory; what works on a unit has tests of its own. */
export class PlanScene extends RetentionScene {
  state: JobState = 'running';
  aborting = new AbortController();
  /** Called before each removal; a test does what comes between. */
  between: (task: RemovalTask) => Promise<void> | void = () => {};
  /** What copies and moves come to, and why hot copies must stay, by day. */
  readonly archivings = new Map<number, UnitArchiving>();
  readonly movings = new Map<number, UnitMoving>();
  readonly staying = new Map<number, Staying>();
  readonly discarded: string[] = [];
  /** Called where a process may be killed. */
  reached: () => void = () => {};

  plan(): Promise<RetentionPlan> {
    return this.planner.plan({ tenant: 'acme', by: BY_KEY });
  }

  async apply(plan: RetentionPlan): Promise<void> {
    await this.plans.keep(plan);
    await this.starter.start({ plan, by: BY_KEY });
    await this.runJob(plan);
  }

  async runJob({ id }: RetentionPlan): Promise<void> {
    const job = new ApplyPlanJob({
      ...{ plans: this.plans, runs: this.runs, steps: this.#steps(), finisher: this.finisher },
      queue: { process: () => {}, find: async () => ({ state: this.state }) as never },
    });
    const running: RunningJob = {
      ...{ kind: 'retention.apply', id, payload: { tenant: 'acme', plan: id }, attempt: 1 },
      ...{ signal: this.aborting.signal, progress: async () => {} },
    };
    await job.run(running);
  }

  async fates({ id }: RetentionPlan): Promise<readonly string[]> {
    const outcomes = await this.runs.outcomes('acme', id);
    return outcomes.map(({ stream, day, outcome, reason }) => `${stream} ${day} ${reason ?? outcome}`);
  }

  #steps(): PlanSteps {
    return new PlanSteps({
      ...{ holds: this.holds, clock: this.clock, streams: this.streams, archived: this.archived },
      ...{ remover: { remove: (task) => this.#remove(task) }, reach: () => this.reached() },
      archiver: { copy: async ({ part }) => this.archivings.get(part.day) ?? this.#copy(part) },
      mover: {
        move: async ({ part, mayGo }) => {
          if (!(await mayGo())) return { outcome: 'not_moved', why: 'held', detail: 'A hold keeps it.' };
          return this.movings.get(part.day) ?? this.#answer(part);
        },
        keptBy: async ({ day }) => this.staying.get(day),
      },
      copies: {
        discard: async ({ name }, { day }) => void this.discarded.push(`${name} ${day}`),
      },
    });
  }

  async #remove(task: RemovalTask): Promise<Removal> {
    const { stream, unit, mayGo } = task;
    await this.between(task);
    const part = { stream, day: unit.day, generation: unit.generation };
    const now = await this.tier.countUnit(part, unit.through);
    if (now?.identities !== unit.identities) return { outcome: 'kept', why: 'changed', detail: 'Others.' };
    if (!(await mayGo())) return { outcome: 'kept', why: 'held', detail: 'A hold keeps it.' };
    await this.tier.removeUnit(part, unit.through);
    if (task.keptIn) await this.archived.evict(WEB, unit, this.#at);
    return { outcome: 'removed', events: unit.events };
  }

  async #copy(part: StreamPart): Promise<UnitArchiving> {
    const { day, generation } = part;
    const events = (await this.tier.countUnit(part))?.events ?? 0;
    const copy = {
      ...{ day, generation, events, oldest: '1', newest: '2', sources: [], through: 'ff', files: [] },
      ...{ copied_at: this.#at, manifest: { key: `${day}`, sha256: 'aa' } },
    };
    await this.archived.commit(WEB, copy, { columns: [], sorted_by: [] });
    return { outcome: 'copied' };
  }

  async #answer({ day, generation }: StreamPart): Promise<UnitMoving> {
    await this.archived.answer(WEB, { day, generation, manifest: `${day}` }, this.#at);
    return { outcome: 'moved' };
  }

  get #at(): string {
    return new Date(this.wall).toISOString();
  }
}
