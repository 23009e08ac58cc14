import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { JOB_QUEUE, type InspectableJobQueue } from '#job-queue';
import { AuditUpkeepJob } from '../jobs/audit-upkeep.js';
import { ExpiryJob } from '../jobs/expiry.js';
import { LedgerReconciliationJob } from '../jobs/ledger-reconciliation.js';
import { AUDIT_UPKEEP, EXPIRY, LEDGER_RECONCILIATION, SCHEDULES, type Schedule } from './schedules.js';

/** Registers this app's jobs and keeps their schedules in the queue, where they outlive a restart. */
@Injectable()
export class Scheduler implements OnApplicationBootstrap {
  constructor(
    @Inject(JOB_QUEUE) private readonly queue: InspectableJobQueue,
    private readonly reconciliation: LedgerReconciliationJob,
    private readonly expiry: ExpiryJob,
    private readonly auditUpkeep: AuditUpkeepJob,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.queue.process(LEDGER_RECONCILIATION, (job) => this.reconciliation.run(job.signal));
    this.queue.process(EXPIRY, () => this.expiry.run());
    this.queue.process(AUDIT_UPKEEP, (job) => this.auditUpkeep.run(job.signal));
    for (const schedule of SCHEDULES) await this.#keep(schedule);
  }

  /** A schedule that another version of this program left with another interval is replaced. */
  async #keep(schedule: Schedule): Promise<void> {
    const kept = await this.queue.find(schedule.kind, schedule.id);
    if (kept && kept.everyMs !== schedule.everyMs) await this.queue.cancel(schedule.kind, schedule.id);
    await this.queue.add(schedule);
  }
}
