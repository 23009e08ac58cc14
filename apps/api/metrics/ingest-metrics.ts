import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { EVENT_BUS, type Backlog, type InspectableEventBus } from '#event-bus';
import { METRICS } from '#observability';

/** Seconds; durable commits are expected between the second and the fifth. */
const ACK_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What ingest did and what waits behind it. */
@Injectable()
export class IngestMetrics {
  readonly #events: Counter;
  readonly #bytes: Counter;
  readonly #refused: Counter;
  readonly #ack: Histogram;

  constructor(@Inject(METRICS) registry: Registry, @Inject(EVENT_BUS) bus: InspectableEventBus) {
    const registers = [registry];
    this.#events = new Counter({
      name: 'alluvium_events_accepted_total',
      help: 'Events acknowledged.',
      registers,
    });
    this.#bytes = new Counter({
      name: 'alluvium_ingest_bytes_total',
      help: 'Bytes of acknowledged bodies.',
      registers,
    });
    this.#refused = new Counter({
      name: 'alluvium_ingest_refused_total',
      help: 'Requests with events that were refused whole, by code.',
      labelNames: ['code'],
      registers,
    });
    this.#ack = new Histogram({
      name: 'alluvium_ingest_ack_seconds',
      help: 'From the last byte of a request to its durable commit.',
      buckets: ACK_BUCKETS,
      registers,
    });
    addBacklogGauges(registry, bus);
  }

  countAccepted(events: number, bytes: number, seconds: number): void {
    this.#events.inc(events);
    this.#bytes.inc(bytes);
    this.#ack.observe(seconds);
  }

  countRefused(code: string): void {
    this.#refused.inc({ code });
  }
}

function addBacklogGauges(registry: Registry, bus: InspectableEventBus): void {
  const gauges: readonly (readonly [string, string, (backlog: Backlog) => number])[] = [
    ['bytes', 'Bytes acknowledged and not stored yet.', ({ bytes }) => bytes],
    ['events', 'Events acknowledged and not stored yet.', ({ events }) => events],
    ['age_seconds', 'How long the oldest of them has waited.', ({ ageMs }) => ageMs / 1000],
  ];
  for (const [name, help, read] of gauges)
    void new Gauge({
      name: `alluvium_backlog_${name}`,
      help,
      registers: [registry],
      collect(this: Gauge) {
        this.set(read(bus.backlog()));
      },
    });
}
