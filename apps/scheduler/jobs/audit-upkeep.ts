import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { RunTimeSettings } from '#app-config';
import { AuditRecord } from '#audit';
import { formatTimestamp } from '#event-model';
import { LOGGER } from '#observability';
import { RetentionRuns } from '#retention';

const DAY_NS = 86_400n * 1_000_000_000n;

/** Looks after the audit record: verifies it, then removes what is older than its retention, runs of retention too. */
@Injectable()
export class AuditUpkeepJob {
  constructor(
    @Inject(AuditRecord) private readonly audit: AuditRecord,
    @Inject(RetentionRuns) private readonly runs: Pick<RetentionRuns, 'expire'>,
    @Inject(RunTimeSettings) private readonly settings: Pick<RunTimeSettings, 'current'>,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'error' | 'info'>,
  ) {}

  /** @param nowMs milliseconds since the epoch */
  async run(signal: AbortSignal, nowMs: number = Date.now()): Promise<void> {
    await this.audit.settleOwed();
    const { report } = await this.audit.verifier.verify(undefined, signal);
    if (report.broken)
      this.logger.error(
        report.broken,
        'the audit record is not as it was written: see GET /api/v1/audit/verify',
      );
    const before = BigInt(nowMs) * 1_000_000n - BigInt(this.settings.current.auditRetentionDays) * DAY_NS;
    const entries = await this.audit.pruner.prune(formatTimestamp(before));
    const runs = await this.runs.expire(formatTimestamp(before));
    if (entries + runs > 0)
      this.logger.info(
        { entries, runs },
        'what was older than the retention of the audit record was removed',
      );
  }
}
