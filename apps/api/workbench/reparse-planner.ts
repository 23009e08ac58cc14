import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { parseTime } from '#event-model';
import { DiskGuard } from '#observability';
import { PLUGIN_REGISTRY, type PluginRegistry } from '#plugin-host';
import { requireParser } from '../parsers/require-parser.js';
import { requireTakesEvents } from '../streams/require-takes-events.js';
import { StreamSelector } from '../search/stream-selector.js';
import { planOf } from './reparse-plan.js';
import { StoredSpan } from './stored-span.js';
import type { ReparsePlan, ReparseRequest } from './reparse.schema.js';

/** Says what parsing stored events again would do. Changes nothing. */
@Injectable()
export class ReparsePlanner {
  constructor(
    @Inject(StreamSelector) private readonly streams: StreamSelector,
    @Inject(StoredSpan) private readonly stored: StoredSpan,
    @Inject(PLUGIN_REGISTRY) private readonly plugins: PluginRegistry,
    @Inject(DiskGuard) private readonly disk: DiskGuard,
  ) {}

  /** @throws Problem `parser_unknown`, `stream_unknown`, `forbidden` */
  async plan(caller: Principal, name: string, request: ReparseRequest): Promise<ReparsePlan> {
    const stream = await this.streams.one(caller, name);
    requireTakesEvents(stream);
    const { parsers } = this.plugins;
    if (request.parser !== undefined) requireParser(parsers, request.parser);
    const [from = 0n, to = 0n] = [request.start_time, request.end_time].map((time) => parseTime(time));
    const { parts, archived } = await this.stored.of(stream, { from, to });
    const { freeBytes, reserveBytes } = await this.disk.state();
    return planOf(parts, {
      ...{ request, archived, hasParser: (one) => parsers.has(one) },
      room: freeBytes - reserveBytes,
    });
  }
}
