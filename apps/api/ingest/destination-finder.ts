import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { isStreamName } from '#event-model';
import { StreamRegistry } from '#storage-tier';
import { requireStream } from '../guarding/stream-access.js';
import { Problem } from '../problems/problem.js';

/** Event type of a stream that comes into being by sending to it. */
const DEFAULT_EVENT_TYPE = 'log';

/** Finds the stream that a key's events go to. */
@Injectable()
export class DestinationFinder {
  constructor(@Inject(StreamRegistry) private readonly streams: StreamRegistry) {}

  /**
   * Makes an unknown stream where the key may.
   *
   * @throws Problem `forbidden`, `stream_unknown`, `stream_name_invalid`
   * @throws StreamError `too_many_streams`
   */
  async find(principal: Principal, requested?: string): Promise<string> {
    const name = requested ?? principal.defaultStream;
    requireStream(principal, name);
    if (await this.streams.find(principal.tenant, name)) return name;
    if (!isStreamName(name)) throw new Problem('stream_name_invalid', 'The path holds no name of a stream.');
    if (!principal.scopes.has('streams:create'))
      throw new Problem(
        'stream_unknown',
        `There is no stream named "${name}", and the key may not create it.`,
      );
    await this.streams.findOrCreate({ tenant: principal.tenant, name, eventType: DEFAULT_EVENT_TYPE });
    return name;
  }
}
