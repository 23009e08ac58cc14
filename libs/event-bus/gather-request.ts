import type { BlockHeader, BlockId } from '#event-model';
import type { Idempotency } from './event-bus.port.js';

/** The events of one request, decoded and framed (see `frameLines`). */
export interface GatherRequest extends Pick<
  BlockHeader,
  'tenant' | 'stream' | 'source' | 'format' | 'parser' | 'zone' | 'receivedAt' | 'count' | 'traceparent'
> {
  /** Every line ends in one LF, none is blank. Must not change after the call. */
  readonly body: Uint8Array;
  /** Makes a repeat of the request a no-op. Such a request never shares a block. */
  readonly idempotency?: Omit<Idempotency, 'answer'>;
  /** Makes the text that a repeat's answer is made from; called before the publish, with an idempotency key only. */
  makeAnswer?(place: Placed): string;
}

/**
 * Where a request's events are. One block: its rows `firstRow` to `lastRow`. Several, whose ids are `nthBlockId(first,
 * i)`: the rows are numbered through all of them, from 0.
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
