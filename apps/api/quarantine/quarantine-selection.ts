import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { parseTime } from '#event-model';
import type { QuarantineCounts, QuarantineFilter, QuarantinePage, QuarantineQuery } from '#plugin-kit';
import { TierRegistry } from '#storage-tier';
import { Problem } from '../problems/problem.js';
import { StreamSelector } from '../search/stream-selector.js';
import type { QuarantineConditions } from './quarantine.schema.js';

/** Makes of a request's conditions what the tier is asked for, within what its key may touch. */
@Injectable()
export class QuarantineSelection {
  constructor(
    @Inject(StreamSelector) private readonly streams: StreamSelector,
    @Inject(TierRegistry) private readonly tiers: TierRegistry,
  ) {}

  counts(filter: QuarantineFilter): Promise<QuarantineCounts> {
    return this.tiers.quarantine.countRefused(filter);
  }

  /** A page, newest first. */
  page(query: QuarantineQuery): Promise<QuarantinePage> {
    return this.tiers.searchable.quarantine(query);
  }

  /** @throws Problem `stream_unknown`, `forbidden` */
  async filter(caller: Principal, conditions: QuarantineConditions): Promise<QuarantineFilter> {
    const { stream, source, reason, parser } = conditions;
    if (stream !== undefined) await this.streams.one(caller, stream);
    else if (caller.streams) throw streamNeeded();
    const [from, to] = [conditions.start_time, conditions.end_time].map((time) =>
      time === undefined ? undefined : parseTime(time),
    );
    return {
      tenant: caller.tenant,
      ...(stream !== undefined && { stream }),
      ...(source !== undefined && { source }),
      ...(reason !== undefined && { reason }),
      ...(parser !== undefined && { parser }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    };
  }
}

function streamNeeded(): Problem {
  return new Problem('forbidden', 'The key is held to some streams.', {
    mend: 'Name one of them: stream=….',
  });
}
