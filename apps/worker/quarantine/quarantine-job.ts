import { z } from 'zod';
import { parseTime, type EventPlace } from '#event-model';
import type { RunningJob } from '#job-queue';
import { QUARANTINE_ACTIONS, type LedgerMoves, type QuarantineActions } from '#ledger';
import type { QuarantineFilter, QuarantineTier, RefusedPlace, StreamSpec } from '#plugin-kit';
import type { StreamRegistry } from '#storage-tier';
import type { WriterPool } from '../writers/writer-pool.js';
import type { MoveOrder } from './move-order.js';
import { ordersOf } from './orders.js';

/** Places that are read at once. */
const PAGE = 5_000;

const filterSchema = z.object({
  stream: z.string().optional(),
  source: z.string().optional(),
  reason: z.string().optional(),
  parser: z.string().optional(),
  start_time: z.string().optional(),
  end_time: z.string(),
});
const payloadSchema = z.object({
  tenant: z.string(),
  kind: z.enum(QUARANTINE_ACTIONS),
  filter: filterSchema,
  parser: z.string().optional(),
});

type Payload = z.infer<typeof payloadSchema>;

export interface QuarantineJobParts {
  readonly tier: () => Pick<QuarantineTier, 'countRefused' | 'refusedPlaces'>;
  readonly streams: Pick<StreamRegistry, 'find'>;
  readonly writers: Pick<WriterPool, 'move'>;
  readonly moves: Pick<LedgerMoves, 'streams'>;
  readonly actions: Pick<QuarantineActions, 'end'>;
}

/**
 * Replays or resolves what a filter selects, some rows at a time, by the writers of its streams. Rows that were refused
 * after it was asked for are not meant. A run that was broken off begins anew: rows that have left are not there any more.
 */
export class QuarantineJob {
  constructor(private readonly parts: QuarantineJobParts) {}

  async run(job: RunningJob): Promise<void> {
    const payload = payloadSchema.parse(job.payload);
    await this.#settleLeft(payload);
    const filter = filterOf(payload);
    const { total } = await this.parts.tier().countRefused(filter);
    const run = { seen: 0, moved: 0, refused: 0 };
    for (let after: EventPlace | undefined; ;) {
      const page = await this.parts
        .tier()
        .refusedPlaces(filter, { limit: PAGE, ...(after && { after: placeOf(after) }) });
      if (page.length === 0) break;
      for (const [stream, places] of ordersOf(page)) {
        if (job.signal.aborted) throw job.signal.reason as Error;
        await this.#move(job, { payload, stream, places, run });
        await job.progress(total === 0 ? 1 : run.seen / total, noteOf(run));
      }
      after = page.at(-1);
    }
    await this.parts.actions.end(payload.tenant, job.id, run.refused);
    await job.progress(1, noteOf(run));
  }

  async #move(job: RunningJob, { payload, stream: name, places, run }: Portion): Promise<void> {
    run.seen += places.length;
    const stream = await this.parts.streams.find(payload.tenant, name);
    // A stream that is not in the catalogue has no writer: its refused events stay.
    if (!stream) return;
    const report = await this.parts.writers.move(stream, orderOf(job, payload, places));
    run.moved += report.stored + report.deduplicated + report.dropped;
    run.refused += report.refused;
  }

  /** What a process left under way is settled first, where nothing may be left to move. */
  async #settleLeft({ tenant, kind }: Payload): Promise<void> {
    for (const name of await this.parts.moves.streams(tenant)) {
      const stream = await this.parts.streams.find(tenant, name);
      if (stream) await this.#settle(stream, kind);
    }
  }

  async #settle(stream: StreamSpec, kind: MoveOrder['kind']): Promise<void> {
    await this.parts.writers.move(stream, { action: '', kind, places: [] });
  }
}

/** What a run has done so far. */
interface Run {
  seen: number;
  moved: number;
  refused: number;
}

interface Portion {
  readonly payload: Payload;
  readonly stream: string;
  readonly places: readonly RefusedPlace[];
  readonly run: Run;
}

function orderOf(job: RunningJob, { kind, parser }: Payload, places: readonly RefusedPlace[]): MoveOrder {
  return { action: job.id, kind, places: places.map(placeOf), ...(parser !== undefined && { parser }) };
}

function placeOf({ block, row }: EventPlace): EventPlace {
  return { block, row };
}

function filterOf({ tenant, filter }: Payload): QuarantineFilter {
  const { start_time: from, end_time: to, stream, source, reason, parser } = filter;
  return {
    tenant,
    ...(stream !== undefined && { stream }),
    ...(source !== undefined && { source }),
    ...(reason !== undefined && { reason }),
    ...(parser !== undefined && { parser }),
    ...(from !== undefined && { from: parseTime(from) ?? 0n }),
    to: parseTime(to) ?? 0n,
  };
}

function noteOf({ moved, refused }: Run): string {
  return `${moved} left quarantine, ${refused} were refused again`;
}
