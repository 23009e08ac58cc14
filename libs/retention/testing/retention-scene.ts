import { ArchivedUnits } from '#archived-units';
import { AuditRecord } from '#audit';
import { MemoryCatalogue } from '#catalogue/testing';
import type { JobQueue, NewJob } from '#job-queue';
import type { StreamSpec } from '#plugin-kit';
import { ClockGuard } from '../clock/clock-guard.js';
import { LostUnits } from '../drift/lost-units.js';
import { RetentionHolds, type NewHold } from '../holds/retention-holds.js';
import { RetentionPlanner } from '../plans/retention-planner.js';
import { RetentionPlans } from '../plans/retention-plans.js';
import { UnitReader } from '../plans/unit-reader.js';
import type { NamedPolicy, StoredPolicy } from '../policies/policy.js';
import { RetentionPolicies } from '../policies/retention-policies.js';
import { RetentionRuns } from '../runs/retention-runs.js';
import { RunFinisher } from '../runs/run-finisher.js';
import { RunStarter } from '../runs/run-starter.js';
import { FakeUnits } from './fake-units.js';

const HOUR_MS = 3_600_000;
const AUTHOR = { key_id: 'k', key_name: 'ops' };
export const BY_KEY = { kind: 'key', ...AUTHOR } as const;

/** All of retention but its job, over a catalogue and a tier in memory. The tenant is `acme`. */
export class RetentionScene {
  readonly catalogue = new MemoryCatalogue();
  readonly tier = new FakeUnits();
  /** Milliseconds since the epoch. */
  wall = Date.parse('2026-11-22T02:00:00Z');
  monotonic = 0;
  diskBytes = 1e12;
  readonly jobs: NewJob[] = [];
  readonly specs: StreamSpec[] = [];
  readonly policies = new RetentionPolicies(this.catalogue);
  readonly holds = new RetentionHolds(this.catalogue);
  readonly plans = new RetentionPlans(this.catalogue);
  readonly runs = new RetentionRuns(this.catalogue);
  readonly archived = new ArchivedUnits(this.catalogue);
  readonly lost = new LostUnits({
    ...{ catalogue: this.catalogue, runs: this.runs, archived: this.archived },
  });
  readonly audit = new AuditRecord({ catalogue: this.catalogue });
  readonly clock = new ClockGuard({
    catalogue: this.catalogue,
    wall: () => this.wall,
    monotonic: () => this.monotonic,
  });
  readonly streams = {
    list: async (tenant = 'acme') => this.specs.filter((one) => one.tenant === tenant),
    find: async (_tenant: string, name: string) => this.specs.find((one) => one.name === name),
  };
  readonly queue: Pick<JobQueue, 'add'> = {
    add: async (job) => {
      this.jobs.push(job);
      return { added: true };
    },
  };
  readonly units = new UnitReader({
    ...{ tier: () => this.tier, streams: this.streams, policies: this.policies, holds: this.holds },
    ...{ disk: async () => ({ totalBytes: this.diskBytes }), keepByDefault: 'search forever' },
    archived: this.archived,
    graceHours: () => 24,
    timeZone: () => 'UTC',
  });
  readonly planner = new RetentionPlanner({ tier: () => this.tier, units: this.units, clock: this.clock });
  readonly starter = new RunStarter({
    ...{ policies: this.policies, runs: this.runs, clock: this.clock, queue: this.queue },
  });
  readonly finisher = new RunFinisher({
    ...{ tier: () => this.tier, streams: this.streams, plans: this.plans, runs: this.runs },
    ...{ audit: this.audit, forget: async () => {}, now: () => this.wall },
  });

  constructor(...streams: readonly string[]) {
    this.specs.push(...streams.map(specOf));
  }

  /** The clock is trusted, as after its first hour. */
  async settle(): Promise<void> {
    await this.clock.look();
    this.pass(HOUR_MS);
    await this.clock.look();
  }

  pass(ms: number): void {
    this.wall += ms;
    this.monotonic += ms;
  }

  /** Puts these policies in the place of all. */
  async follow(...policies: readonly NamedPolicy[]): Promise<void> {
    const at = new Date(this.wall).toISOString();
    const stored = policies.map((one): StoredPolicy => ({ ...one, changed_at: at, changed_by: AUTHOR }));
    await this.policies.change('acme', () => stored, { by: AUTHOR, at });
  }

  async hold(part: Partial<NewHold> = {}): Promise<string> {
    const at = new Date(this.wall).toISOString();
    const made = { tenant: 'acme', reason: 'case', created_at: at, created_by: AUTHOR, ...part };
    return (await this.holds.create(made)).id;
  }
}

function specOf(name: string): StreamSpec {
  const none = { fields: [], sortBy: [], rollUps: [], example: {} };
  const eventType = { name: 'log', title: '', description: '', ...none };
  return { tenant: 'acme', name, eventType, keepRaw: 'when_needed' };
}

/** A policy in short. */
export function policy(name: string, keep: string, part: Partial<NamedPolicy> = {}): NamedPolicy {
  return { name, keep, class: 'normal', ...part };
}
