import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '#access';
import { parseTime } from '#event-model';
import { Ledger, type LedgerReport } from '#ledger';
import { RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { mayTouch } from '../guarding/stream-access.js';
import { point } from '../requests/rule.js';

const ledgerRequestSchema = z.strictObject({
  start_time: point.optional().describe('First minute. Default: the oldest.'),
  end_time: point.optional().describe('Last minute. Default: the newest.'),
});
type LedgerRequest = z.infer<typeof ledgerRequestSchema>;

const count = z.number();
const ledgerSchema = z.object({
  rows: z.array(
    z.object({
      source: z.string(),
      stream: z.string(),
      minute: z.string(),
      since: z
        .string()
        .optional()
        .describe('First minute of a row that sums up several; `minute` is its last one then.'),
      received: count,
      stored: count,
      quarantined: count,
      deduplicated: count,
      dropped: count,
      dropped_by: z.record(z.string(), count).optional().describe('The dropped ones by policy.'),
      expired: count.optional().describe('Those of the stored ones that retention has removed since.'),
      archived: count.optional().describe('Those of the stored ones that only the archive has since.'),
      pending: count,
      residue: count.describe('received less all others: 0, unless events were lost or are there too often.'),
    }),
  ),
  by_minute_since: z
    .string()
    .optional()
    .describe('Minutes before this one are summed up, in rows with `since`. Absent: each row is one minute.'),
  residue: count,
});

@ApiTags('Ledger')
@Controller('api/v1/ledger')
export class LedgerController {
  constructor(@Inject(Ledger) private readonly ledger: Ledger) {}

  @Get()
  @RequireScope('logs:read')
  @ApiOperation({
    summary: 'What became of everything that was acknowledged, by source and minute',
    description:
      '`residue` is what is left when all known outcomes are taken from what was received: it is 0 unless something was lost or is there twice. Minutes older than 30 days are kept as one row for each stream and source. Where the range has a part of such a row, the row is shown whole: `since` and `minute` say what it sums up, and `by_minute_since` from when on each row is one minute.',
  })
  @ApiResponse({ status: 200, standardSchema: ledgerSchema })
  async read(
    @Caller() caller: Principal,
    @Query({ schema: ledgerRequestSchema }) request: LedgerRequest,
  ): Promise<LedgerReport> {
    const report = await this.ledger.read(caller.tenant, rangeOf(request));
    return caller.streams ? within(report, caller) : report;
  }
}

function rangeOf({ start_time: start, end_time: end }: LedgerRequest) {
  return {
    ...(start !== undefined && { from: minuteOf(start) }),
    ...(end !== undefined && { to: minuteOf(end) }),
  };
}

/** Start of the minute of a time that the schema has found good; milliseconds since the epoch. */
function minuteOf(time: string | number): number {
  const ms = Number((parseTime(time) ?? 0n) / 1_000_000n);
  return ms - (ms % 60_000);
}

function within(report: LedgerReport, caller: Principal): LedgerReport {
  const seen = report.rows.filter(({ stream }) => mayTouch(caller, stream));
  return { ...report, rows: seen, residue: seen.reduce((sum, row) => sum + row.residue, 0) };
}
