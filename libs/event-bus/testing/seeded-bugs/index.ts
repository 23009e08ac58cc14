import type { InspectableEventBus } from '../../event-bus.port.js';
import type { EventBusPromise } from '../contract-case.js';
import { AnswersEarlyBus } from './answers-early-bus.js';
import { CommitsUpToBus } from './commits-up-to-bus.js';
import { RacingKeysBus } from './racing-keys-bus.js';
import { ReorderingBus } from './reordering-bus.js';
import { UnfencedBus } from './unfenced-bus.js';

/** An adapter with one bug, and the promise that it breaks. */
export interface SeededBug {
  readonly bug: string;
  readonly breaks: EventBusPromise;
  wrap(bus: InspectableEventBus): InspectableEventBus;
}

export const SEEDED_BUGS: readonly SeededBug[] = [
  { bug: 'answers before the bytes are durable', breaks: 'durable', wrap: (bus) => new AnswersEarlyBus(bus) },
  { bug: 'reorders the blocks of a batch', breaks: 'order', wrap: (bus) => new ReorderingBus(bus) },
  { bug: 'commits everything up to a position', breaks: 'commit', wrap: (bus) => new CommitsUpToBus(bus) },
  { bug: 'ignores fencing', breaks: 'fencing', wrap: (bus) => new UnfencedBus(bus) },
  { bug: 'lets requests race for a key', breaks: 'idempotency', wrap: (bus) => new RacingKeysBus(bus) },
];
