import { Inject, Injectable } from '@nestjs/common';
import { Access, AccessError, type Principal } from '#access';
import { Problem } from '../problems/problem.js';
import { problemOf } from '../problems/problem-of.js';
import { SelectionReader } from '../search/selection-reader.js';
import { TailHub } from './tail-hub.js';
import type { TailReader } from './tail-reader.js';
import type { TailRequest } from './tail-request.schema.js';
import { followedStreams, type TailSelection } from './tail-selection.js';
import { TailSlots } from './tail-slots.js';

/** Between two signs of life: milliseconds. */
export const HEARTBEAT_MS = 15_000;

/** Who follows, and the `Authorization` header that says so for as long as the tail lasts. */
export interface Follower {
  readonly caller: Principal;
  readonly authorization: string | undefined;
}

/** Opens live tails: events of the caller's tenant as they are stored. */
@Injectable()
export class TailService {
  constructor(
    @Inject(SelectionReader) private readonly selections: SelectionReader,
    @Inject(TailHub) private readonly hub: TailHub,
    @Inject(TailSlots) private readonly slots: TailSlots,
    @Inject(Access) private readonly access: Access,
  ) {}

  /**
   * Follows events that are stored from now on. Who called ends the reader when its client leaves.
   *
   * @throws Problem `too_many_tails`, `shutting_down`, and those of a search's conditions
   */
  async open(follower: Follower, request: TailRequest): Promise<TailReader> {
    const { seconds, ...conditions } = request;
    const selection = await this.#select(follower.caller, conditions);
    const release = this.slots.take(follower.caller.keyId);
    const ending: NodeJS.Timeout[] = [];
    const left = (): void => {
      release();
      for (const timer of ending) clearTimeout(timer);
    };
    try {
      const checkKey = (): Promise<Problem | undefined> => this.#refusal(follower);
      const reader = this.hub.follow(selection, { checkKey, left });
      ending.push(setInterval(() => void beat(reader), HEARTBEAT_MS));
      if (seconds !== undefined) ending.push(setTimeout(() => reader.end(), seconds * 1_000));
      return reader;
    } catch (error) {
      left();
      throw error;
    }
  }

  async #select(caller: Principal, request: Omit<TailRequest, 'seconds'>): Promise<TailSelection> {
    const { streams, filter, tenant, timeoutMs } = await this.selections.read(caller, request);
    const named = request.stream === undefined ? undefined : streams.map(({ name }) => name);
    return { tenant, streams: followedStreams(caller, named), filter, timeoutMs };
  }

  /** Why the key may not read any more. */
  async #refusal({ authorization }: Follower): Promise<Problem | undefined> {
    const found = await this.access.authenticate(authorization);
    if (found instanceof AccessError) return problemOf(found);
    if (found.scopes.has('logs:read')) return undefined;
    return new Problem('forbidden', 'The key lacks the scope logs:read.');
  }
}

async function beat(reader: TailReader): Promise<void> {
  await reader.verify();
  reader.queue.beat();
}
