import type { BusStatus } from '../event-bus.port.js';
import { kafkaFault } from './kafka-faults.js';
import { PATIENCE_MS } from './sending.js';

/**
 * Whether the topic is read. While brokers change readers lose their place and find it again: a write waits for that too, so
 * until a write would be given up it is no reason to send events elsewhere. Where nobody writes, it alone tells that
 * Kafka is gone.
 */
export class ReaderTrouble {
  private fault: BusStatus['fault'];
  private since = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @param error why the topic isn't read; undefined: it is */
  report(error: unknown): void {
    if (this.fault === undefined) this.since = this.now();
    this.fault = error === undefined ? undefined : kafkaFault(error, 'The event bus on Kafka is not read');
  }

  /** Part of the bus's status. */
  status(): Pick<BusStatus, 'fault' | 'readFault'> {
    if (!this.fault) return {};
    return this.now() - this.since > PATIENCE_MS ? { fault: this.fault } : { readFault: this.fault };
  }
}
