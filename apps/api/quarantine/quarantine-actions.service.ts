import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { formatTimestamp, nowNs } from '#event-model';
import { JOB_QUEUE, type InspectableJobQueue } from '#job-queue';
import { QuarantineActions, type ActionFilter, type QuarantineAction } from '#ledger';
import { PLUGIN_REGISTRY, type PluginRegistry } from '#plugin-host';
import type { QuarantineFilter } from '#plugin-kit';
import { requireParser } from '../parsers/require-parser.js';
import { QuarantineSelection } from './quarantine-selection.js';
import type { BegunJob, QuarantineConditions } from './quarantine.schema.js';

/** Kind of the job, as the worker knows it. */
export const QUARANTINE_MOVE = 'quarantine.move';
/** Most actions that are listed. */
const LISTED = 200;

/** What is to be done with refused events. */
export interface AskedAction extends Pick<QuarantineAction, 'kind'> {
  readonly conditions: QuarantineConditions;
  readonly parser?: string | undefined;
  readonly note?: string | undefined;
}

/** Begins what is done with refused events, and tells of it. */
@Injectable()
export class QuarantineActionsService {
  constructor(
    @Inject(QuarantineSelection) private readonly selection: QuarantineSelection,
    @Inject(PLUGIN_REGISTRY) private readonly plugins: PluginRegistry,
    @Inject(JOB_QUEUE) private readonly queue: InspectableJobQueue,
    @Inject(QuarantineActions) private readonly actions: QuarantineActions,
  ) {}

  /** @throws Problem `parser_unknown`, `stream_unknown`, `forbidden` */
  async begin(caller: Principal, asked: AskedAction): Promise<BegunJob> {
    const { kind, parser, note } = asked;
    if (parser !== undefined) requireParser(this.plugins.parsers, parser);
    const now = nowNs();
    const selected = await this.selection.filter(caller, asked.conditions);
    // What is refused from now on is not meant.
    const bounded = { ...selected, to: selected.to !== undefined && selected.to < now ? selected.to : now };
    const { total } = await this.selection.counts(bounded);
    const id = randomUUID();
    const filter = dataOf(bounded);
    const { tenant, keyId, keyName } = caller;
    await this.actions.add(tenant, {
      ...{ id, kind, filter },
      ...(parser !== undefined && { with_parser: parser }),
      by: { key_id: keyId, key_name: keyName },
      asked_at: formatTimestamp(now),
      ...(note !== undefined && { note }),
    });
    const payload = { tenant, kind, filter, ...(parser !== undefined && { parser }) };
    await this.queue.add({ kind: QUARANTINE_MOVE, id, payload });
    return { job: id, events: total };
  }

  list({ tenant }: Principal): Promise<readonly QuarantineAction[]> {
    return this.actions.list(tenant, LISTED);
  }
}

function dataOf({ stream, source, reason, parser, from, to }: QuarantineFilter): ActionFilter {
  return {
    ...(stream !== undefined && { stream }),
    ...(source !== undefined && { source }),
    ...(reason !== undefined && { reason }),
    ...(parser !== undefined && { parser }),
    ...(from !== undefined && { start_time: formatTimestamp(from) }),
    ...(to !== undefined && { end_time: formatTimestamp(to) }),
  };
}
