import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import type { StreamSpec } from '#plugin-kit';
import { StreamRegistry } from '#storage-tier';
import { mayTouch, requireStream } from '../guarding/stream-access.js';
import { Problem } from '../problems/problem.js';

/** Finds the streams that a request names, within what its key may touch. */
@Injectable()
export class StreamSelector {
  constructor(@Inject(StreamRegistry) private readonly streams: StreamRegistry) {}

  /** All that the key may touch and that take events: archives that were brought in are asked by their names alone. */
  async all(caller: Principal): Promise<readonly StreamSpec[]> {
    return (await this.streams.list(caller.tenant)).filter(({ name }) => mayTouch(caller, name));
  }

  /** @throws Problem `stream_unknown`, `stream_restoring`, `forbidden` */
  async one(caller: Principal, name: string): Promise<StreamSpec> {
    requireStream(caller, name);
    const found = await this.streams.find(caller.tenant, name);
    if (!found || found.readOnly === 'leaving')
      throw new Problem('stream_unknown', `There is no stream named "${name}".`);
    if (found.readOnly === 'restoring')
      throw new Problem('stream_restoring', `The stream "${name}" does not have all of its events yet.`);
    return found;
  }

  /** Those that are named; all where none is. */
  async some(caller: Principal, names: readonly string[] | undefined): Promise<readonly StreamSpec[]> {
    if (names === undefined) return this.all(caller);
    return Promise.all([...new Set(names)].map((name) => this.one(caller, name)));
  }
}
