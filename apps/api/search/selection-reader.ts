import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { RunTimeSettings } from '#app-config';
import type { AskedSelection } from './archived-events.js';
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

  /**
   * May answer with no streams: then there is nothing to find.
   *
   * @param now what relative times count from, milliseconds since the epoch; by default {@link currentSecond}
   * @throws Problem
   */
  async read(caller: Principal, request: SelectionRequest, now = currentSecond()): Promise<AskedSelection> {
    const asked = toSelection(request, () => now);
    const { stream } = request;
    const streams = await this.streams.some(caller, stream === undefined ? undefined : listOf(stream));
    const { searchTimeoutMs: timeoutMs } = this.settings.current;
    const isConfirmed = request.confirm_archive_scan === true;
    return {
      ...{ tenant: caller.tenant, streams, timeoutMs, ...asked },
      ...(isConfirmed && { confirmsArchives: true }),
    };
  }
}

/**
 * The end of the second that it is, so that the same question asked by several at once is the same to the nanosecond, and
 * can be answered once.
 */
export function currentSecond(now: () => number = Date.now): number {
  return Math.ceil(now() / 1_000) * 1_000;
}
