import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';
import { METRICS } from '#observability';
import { TailSlots } from './tail-slots.js';
import type { TailMessage } from './tail-queue.js';

/** Counts the live tails, and what they gave and left out. */
@Injectable()
export class TailMetrics {
  readonly #events: Counter;

  constructor(@Inject(METRICS) registry: Registry, @Inject(TailSlots) slots: TailSlots) {
    const open: Gauge = new Gauge({
      name: 'alluvium_tails',
      help: 'Live tails that are open.',
      registers: [registry],
      collect: () => open.set(slots.count),
    });
    this.#events = new Counter({
      name: 'alluvium_tail_events_total',
      help: 'Events of live tails, by whether they were sent or, since a reader was slow, dropped.',
      labelNames: ['outcome'],
      registers: [registry],
    });
    for (const outcome of ['sent', 'dropped']) this.#events.inc({ outcome }, 0);
  }

  /** Counts what a reader was told. */
  count(message: TailMessage): void {
    if (message.kind === 'events') this.#events.inc({ outcome: 'sent' }, message.portion.count);
    if (message.kind === 'dropped') this.#events.inc({ outcome: 'dropped' }, message.count);
  }
}
