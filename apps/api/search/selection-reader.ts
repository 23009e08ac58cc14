import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { RunTimeSettings } from '#app-config';
import type { EventSelection } from '#plugin-kit';
import { listOf, toSelection } from './selection.js';
import type { SelectionRequest } from './selection.schema.js';
import { StreamSelector } from './stream-selector.js';

/** Turns what a request selects into what a tier is asked, within the caller's tenant and streams. */
@Injectable()
export class SelectionReader {
  constructor(
    @Inject(StreamSelector) private readonly streams: StreamSelector,
    @Inject(RunTimeSettings) private readonly settings: RunTimeSettings,
  ) {}

  /** May answer with no streams: then there is nothing to find. @throws Problem */
  async read(caller: Principal, request: SelectionRequest): Promise<EventSelection> {
    const asked = toSelection(request);
    const { stream } = request;
    const streams = await this.streams.some(caller, stream === undefined ? undefined : listOf(stream));
    return { tenant: caller.tenant, streams, timeoutMs: this.settings.current.searchTimeoutMs, ...asked };
  }
}
