import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';
import { METRICS } from '#observability';
import type { InputRunner } from './input-runner.js';

/** What an input counted, by its name. */
type Read = (runner: InputRunner) => number;

/** Metrics of the inputs, read from their counters when they are collected. */
@Injectable()
export class InputMetrics {
  readonly #runners = new Set<InputRunner>();

  constructor(@Inject(METRICS) private readonly registry: Registry) {
    this.#count('messages', 'Messages taken.', ({ counters }) => counters.messages);
    this.#count('bytes', 'Bytes of messages taken.', ({ counters }) => counters.bytes);
    this.#count('refused', 'Messages of senders that no rule takes.', ({ counters }) => counters.refused);
    this.#count(
      'truncated',
      'Messages of which only the first bytes were taken.',
      ({ counters }) => counters.truncated,
    );
    this.#addDropped();
    this.#gauge('connections', 'Open connections.', ({ counters }) => counters.connections);
    this.#gauge('up', '1 where the input runs, 0 where it is stopped or failed.', ({ state }) =>
      Number(state === 'running'),
    );
  }

  watch(runner: InputRunner): void {
    this.#runners.add(runner);
  }

  forget(runner: InputRunner): void {
    this.#runners.delete(runner);
  }

  #count(name: string, help: string, read: Read): void {
    const runners = this.#runners;
    void new Counter({
      name: `alluvium_input_${name}_total`,
      help,
      labelNames: ['input'],
      registers: [this.registry],
      collect(this: Counter<'input'>) {
        this.reset();
        for (const runner of runners) this.inc({ input: runner.record.name }, read(runner));
      },
    });
  }

  #addDropped(): void {
    const runners = this.#runners;
    void new Counter({
      name: 'alluvium_input_dropped_total',
      help: 'What inputs lost before it was durable, by reason.',
      labelNames: ['input', 'reason'],
      registers: [this.registry],
      collect(this: Counter<'input' | 'reason'>) {
        this.reset();
        for (const { record, counters } of runners)
          for (const [reason, dropped] of counters.dropped) this.inc({ input: record.name, reason }, dropped);
      },
    });
  }

  #gauge(name: string, help: string, read: Read): void {
    const runners = this.#runners;
    void new Gauge({
      name: `alluvium_input_${name}`,
      help,
      labelNames: ['input'],
      registers: [this.registry],
      collect(this: Gauge<'input'>) {
        this.reset();
        for (const runner of runners) this.set({ input: runner.record.name }, read(runner));
      },
    });
  }
}
