import type { RunTimeValues } from '#app-config';
import { formatTimestamp } from '#event-model';
import type { JobQueue } from '#job-queue';
import type { QuarantineActions } from '#ledger';
import type { QuarantineTier } from '#plugin-kit';
import type { StreamRegistry } from '#storage-tier';

/** Kind of the worker's job that takes events out of quarantine. */
const QUARANTINE_MOVE = 'quarantine.move';
const DAY_MS = 86_400_000;

export interface QuarantineExpiryParts {
  readonly tier: () => Pick<QuarantineTier, 'countRefused'>;
  readonly streams: Pick<StreamRegistry, 'tenants'>;
  readonly actions: Pick<QuarantineActions, 'find' | 'add'>;
  readonly queue: Pick<JobQueue, 'add'>;
  readonly settings: () => Pick<RunTimeValues, 'quarantineRetentionDays'>;
}

/**
 * Has refused events whose time is over taken out of quarantine, by the job that replays and resolves them: by their
 * streams' writers, with the ledger's accounts and a record of what went.
 */
export class QuarantineExpiryJob {
  constructor(private readonly parts: QuarantineExpiryParts) {}

  /** @param nowMs milliseconds since the epoch */
  async run(signal: AbortSignal, nowMs: number = Date.now()): Promise<void> {
    const days = this.parts.settings().quarantineRetentionDays;
    const end = (Math.floor(nowMs / DAY_MS) - days) * DAY_MS;
    for (const tenant of await this.parts.streams.tenants()) {
      if (signal.aborted) return;
      await this.#expire(tenant, end, nowMs);
    }
  }

  async #expire(tenant: string, end: number, nowMs: number): Promise<void> {
    const to = BigInt(end) * 1_000_000n;
    const { total } = await this.parts.tier().countRefused({ tenant, to });
    if (total === 0) return;
    const [kind, filter] = ['expire', { end_time: formatTimestamp(to) }] as const;
    const id = `expire-${tenant}-${filter.end_time.slice(0, 10)}`;
    // First the record: the job adds what went to it.
    if (!(await this.parts.actions.find(tenant, id))) {
      const asked_at = formatTimestamp(BigInt(nowMs) * 1_000_000n);
      await this.parts.actions.add(tenant, { id, kind, filter, asked_at });
    }
    await this.parts.queue.add({ kind: QUARANTINE_MOVE, id, payload: { tenant, kind, filter } });
  }
}
