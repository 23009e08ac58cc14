import type { BlockHeader, BlockId } from '#event-model';
import type { Idempotency } from './event-bus.port.js';

/** The events of one request, decoded and framed (see `frameLines`). */
export interface GatherRequest extends Pick<
  BlockHeader,
  | 'tenant'
  | 'stream'
  | 'source'
  | 'format'
  | 'parser'
  | 'zone'
  | 'receivedAt'
  | 'count'
  | 'dropped'
  | 'traceparent'
> {
  /** Every line ends in one LF, none is blank; empty where the events are dropped. Must not change after the call. */
  readonly body: Uint8Array;
  /** Address of who sent them, where their transport tells. */
  readonly peer?: string;
  /** Where the events go several ways: a block for each of these, in place of the body. */
  readonly parts?: readonly RequestPart[];
  /** Makes a repeat of the request a no-op. Such a request never shares a block. */
  readonly idempotency?: Omit<Idempotency, 'answer'>;
  /** Makes the text that a repeat's answer is made from; called before the publish, with an idempotency key only. */
  makeAnswer?(place: Placed): string;
}

/** Some events of a request that go one way: the body of one block. */
export interface RequestPart extends Pick<
  BlockHeader,
  'stream' | 'parser' | 'count' | 'offset' | 'indexes' | 'dropped'
> {
  /** As that of a request. */
  readonly body: Uint8Array;
}

/**
 * Where a request's events are. One block: its rows `firstRow` to `lastRow`. Several, whose ids are `nthBlockId(first,
 * i)`: the rows are those of the request, from 0, and each block's header says which of them it has.
 */
export interface Placed {
  readonly kind: 'placed';
  readonly first: BlockId;
  readonly blocks: number;
  readonly firstRow: number;
  readonly lastRow: number;
}

/** `repeated`: the idempotency key is known, nothing was written. */
export type Placement =
  Placed | { readonly kind: 'repeated'; readonly bodyHash: string; readonly answer: string };

/** A request's place in a round, and the batch that it goes with. */
export interface RoundPlace {
  readonly placed: Placed;
  readonly batch: number;
}
