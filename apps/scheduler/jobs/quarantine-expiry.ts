import type { RunTimeValues } from '#app-config';
import { formatTimestamp, parseTime } from '#event-model';
import type { JobQueue } from '#job-queue';
import type { QuarantineActions } from '#ledger';
import type { QuarantineTier } from '#plugin-kit';
import type { ClockGuard, Hold, RetentionHolds } from '#retention';
import type { StreamRegistry } from '#storage-tier';

/** Kind of the worker's job that takes events out of quarantine. */
const QUARANTINE_MOVE = 'quarantine.move';
const DAY_MS = 86_400_000;

export interface QuarantineExpiryParts {
  readonly tier: () => Pick<QuarantineTier, 'countRefused'>;
  readonly streams: Pick<StreamRegistry, 'tenants'>;
  readonly holds: Pick<RetentionHolds, 'list'>;
  readonly clock: Pick<ClockGuard, 'look'>;
  readonly actions: Pick<QuarantineActions, 'find' | 'add'>;
  readonly queue: Pick<JobQueue, 'add'>;
  readonly settings: () => Pick<RunTimeValues, 'quarantineRetentionDays'>;
}

/** Refused events of a stream whose time is over. */
interface Expired {
  readonly tenant: string;
  readonly stream: string;
  /** Acceptance, exclusive: nanoseconds since the epoch. */
  readonly to: bigint;
}

/**
 * Has refused events whose time is over taken out of quarantine, by the job that replays and resolves them: by their
 * streams' writers, with the ledger's accounts and a record of what went. Streams that a hold is on keep theirs; a clock
 * that isn't trusted takes none.
 */
export class QuarantineExpiryJob {
  constructor(private readonly parts: QuarantineExpiryParts) {}

  async run(signal: AbortSignal): Promise<void> {
    const { state, now } = await this.parts.clock.look();
    if (state !== 'trusted') return;
    const days = this.parts.settings().quarantineRetentionDays;
    const to = BigInt((Math.floor(now / DAY_MS) - days) * DAY_MS) * 1_000_000n;
    for (const tenant of await this.parts.streams.tenants()) {
      const { streams } = await this.parts.tier().countRefused({ tenant, to });
      const holds = await this.parts.holds.list(tenant);
      for (const { value: stream } of streams) {
        if (signal.aborted) return;
        const expired = { tenant, stream, to };
        if (!holds.some((hold) => isKept(hold, expired))) await this.#ask(expired, now);
      }
    }
  }

  /** Once for each day. */
  async #ask({ tenant, stream, to }: Expired, now: number): Promise<void> {
    const [kind, filter] = ['expire', { stream, end_time: formatTimestamp(to) }] as const;
    const id = `expire-${tenant}-${stream}-${filter.end_time.slice(0, 10)}`;
    // First the record: the job adds what went to it.
    if (!(await this.parts.actions.find(tenant, id))) {
      const asked_at = formatTimestamp(BigInt(now) * 1_000_000n);
      await this.parts.actions.add(tenant, { id, kind, filter, asked_at });
    }
    await this.parts.queue.add({ kind: QUARANTINE_MOVE, id, payload: { tenant, kind, filter } });
  }
}

/** A hold is by the events' own time, which refused ones may lack: whatever begins before they were accepted keeps them all. */
function isKept({ released_at: released, stream: held, start_time: from }: Hold, expired: Expired): boolean {
  if (released !== undefined || (held ?? expired.stream) !== expired.stream) return false;
  return from === undefined || (parseTime(from) ?? 0n) < expired.to;
}
