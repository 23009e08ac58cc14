import type { Provider } from '@nestjs/common';
import { ArchivedUnits } from '#archived-units';
import { JOB_QUEUE, type InspectableJobQueue } from '#job-queue';
import { FaultPoints } from '#observability';
import { ClockGuard, RetentionHolds, RetentionPlans, RetentionRuns, RunFinisher } from '#retention';
import { StreamRegistry } from '#storage-tier';
import { UnitArchiver } from '../archive/unit-archiver.js';
import { UnitCopies } from '../archive/unit-copies.js';
import { UnitMover } from '../archive/unit-mover.js';
import { ApplyPlanJob } from './apply-plan-job.js';
import { PlanSteps } from './plan-steps.js';
import { UnitRemover } from './unit-remover.js';

/** What applies retention plans. */
export const APPLY_PLAN: Provider[] = [
  {
    provide: PlanSteps,
    inject: [
      ...[RetentionHolds, ClockGuard, StreamRegistry],
      ...[UnitRemover, UnitArchiver, UnitMover, UnitCopies, ArchivedUnits, FaultPoints],
    ],
    useFactory: (
      holds: RetentionHolds,
      clock: ClockGuard,
      ...[streams, remover, archiver, mover, copies, archived, { reach }]: [
        StreamRegistry,
        UnitRemover,
        UnitArchiver,
        UnitMover,
        UnitCopies,
        ArchivedUnits,
        FaultPoints,
      ]
    ) => new PlanSteps({ holds, clock, streams, remover, archiver, mover, copies, archived, reach }),
  },
  {
    provide: ApplyPlanJob,
    inject: [RetentionPlans, RetentionRuns, PlanSteps, RunFinisher, JOB_QUEUE],
    useFactory: (
      plans: RetentionPlans,
      runs: RetentionRuns,
      ...[steps, finisher, queue]: [PlanSteps, RunFinisher, InspectableJobQueue]
    ) => new ApplyPlanJob({ plans, runs, steps, finisher, queue }),
  },
];
