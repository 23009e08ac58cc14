export { ClockGuard, type ClockReading, type ClockState } from './clock/clock-guard.js';
export { printDay } from './day.js';
export { LostUnits, type LostUnit } from './drift/lost-units.js';
export { keeps, type Hold } from './holds/hold.js';
export { RetentionHolds } from './holds/retention-holds.js';
export { RetentionPlanner, type PlanRequest } from './plans/retention-planner.js';
export {
  countedOf,
  stepsOf,
  type LeavingUnitOfPlan,
  type PlanAuthor,
  type PlannedUnit,
  type RetentionPlan,
  type StreamPlan,
  type UnitFigures,
} from './plans/retention-plan.js';
export { RetentionPlans } from './plans/retention-plans.js';
export { UnitReader } from './plans/unit-reader.js';
export {
  DEFAULT_POLICY,
  nearestPolicy,
  RETENTION_CLASSES,
  targetOf,
  type NamedPolicy,
  type PolicyAuthor,
  type PolicyRules,
  type RetentionClass,
  type StoredPolicy,
} from './policies/policy.js';
export { archiveStay, lockedUntil } from './policies/policy-lock.js';
export { MAX_POLICIES, RetentionPolicies, type PolicyBook } from './policies/retention-policies.js';
export { StreamClasses } from './policies/stream-classes.js';
export {
  RETENTION_JOB,
  type KeptReason,
  type NotCopiedReason,
  type Outcome,
  type RetentionRun,
  type UnitOutcome,
} from './runs/retention-run.js';
export { RetentionRuns } from './runs/retention-runs.js';
export { RunFinisher } from './runs/run-finisher.js';
export { RunStarter } from './runs/run-starter.js';
export { cronMistake, nextCron } from './schedule/cron.js';
export { lastTime, nextTime, type DailyTime } from './schedule/daily-time.js';
export { RetentionWatch } from './schedule/retention-watch.js';
export { RetentionGauges } from './status/retention-gauges.js';
export type { ArchiveStatus } from './status/archive-status.js';
export { streamStatuses, type StreamStatus } from './status/stream-status.js';
export { RetentionModule } from './retention.module.js';
