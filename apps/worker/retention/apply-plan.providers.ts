import type { Provider } from '@nestjs/common';
import { JOB_QUEUE, type InspectableJobQueue } from '#job-queue';
import { ClockGuard, RetentionHolds, RetentionPlans, RetentionRuns, RunFinisher } from '#retention';
import { StreamRegistry } from '#storage-tier';
import { UnitArchiver } from '../archive/unit-archiver.js';
import { UnitCopies } from '../archive/unit-copies.js';
import { ApplyPlanJob } from './apply-plan-job.js';
import { UnitRemover } from './unit-remover.js';

/** What applies retention plans. */
export const APPLY_PLAN: Provider = {
  provide: ApplyPlanJob,
  inject: [
    ...[RetentionPlans, RetentionRuns, RetentionHolds, ClockGuard],
    ...[StreamRegistry, UnitRemover, UnitArchiver, UnitCopies],
    ...[RunFinisher, JOB_QUEUE],
  ],
  useFactory: (
    plans: RetentionPlans,
    runs: RetentionRuns,
    ...[holds, clock, streams, remover, archiver, copies, finisher, queue]: [
      RetentionHolds,
      ClockGuard,
      StreamRegistry,
      UnitRemover,
      UnitArchiver,
      UnitCopies,
      RunFinisher,
      InspectableJobQueue,
    ]
  ) =>
    new ApplyPlanJob({
      ...{ plans, runs, holds, clock, streams },
      ...{ remover, archiver, copies, finisher, queue },
    }),
};
