import type { InspectableEventBus } from '../event-bus.port.js';

/** Places between two calls of an adapter where a process may die. */
export type BusFaultPoint =
  'bus.before-commit' | 'bus.after-commit' | 'bus.before-remove' | 'bus.after-remove';

/** One adapter under test, with data of its own. */
export interface EventBusHarness {
  readonly bus: InspectableEventBus;
  /** What is left when the process is killed now, opened again; the old bus is not used any more. */
  crash(): Promise<InspectableEventBus>;
  /** The same, killed when the bus reaches the point for the first time while `act` runs. */
  crashAt(point: BusFaultPoint, act: () => Promise<unknown>): Promise<InspectableEventBus>;
  /** Stops the bus and opens it again. */
  restart(): Promise<InspectableEventBus>;
  /** Stops what was opened and removes its data. */
  stop(): Promise<void>;
}

/** Which sentence of the port a case holds an adapter to. */
export type EventBusPromise =
  | 'durable'
  | 'order'
  | 'replay'
  | 'commit'
  | 'fencing'
  | 'idempotency'
  | 'bounds'
  | 'counts'
  | 'expiry'
  | 'stop';

export interface EventBusCase {
  readonly promise: EventBusPromise;
  readonly name: string;
  /** How Kafka meets it. */
  readonly distributed: string;
  /** Rejects where the promise is broken. */
  run(harness: EventBusHarness): Promise<void>;
}
