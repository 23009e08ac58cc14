import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient } from '../test/support/api-client.js';
import { pause } from '../test/support/appliance-process.js';
import { Appliance } from '../test/support/start-appliance.js';
import { atSignals } from './at-signals.js';
import { readMetric } from './metrics-text.js';

/**
 * A fresh appliance to be measured, with its block files where they can be counted. A signal that ends the bench ends it
 * too, by its own process id, and removes what it kept.
 */
export class BenchAppliance {
  readonly api: ApiClient;
  readonly #ignoreSignals: () => void;

  private constructor(
    readonly appliance: Appliance,
    readonly scratchDirectory: string,
  ) {
    this.api = new ApiClient(appliance);
    this.#ignoreSignals = atSignals(() => this.remove());
  }

  /** @param more settings besides */
  static async start(more: Readonly<Record<string, string>> = {}): Promise<BenchAppliance> {
    const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
    const scratch = mkdtempSync(join(memory, 'alluvium-bench-'));
    const env = { ALLUVIUM_SCRATCH_DIR: scratch, ALLUVIUM_LOG_LEVEL: 'warn', ...more };
    const bench = new BenchAppliance(await Appliance.prepare({ env }), scratch);
    try {
      await bench.appliance.restart();
      return bench;
    } catch (error) {
      await bench.remove();
      throw error;
    }
  }

  async createStream(name: string, eventType: string): Promise<void> {
    const { status, body } = await this.api.createStream(name, eventType);
    if (status >= 300)
      throw new Error(`Creating the stream ${name} answered ${status}: ${JSON.stringify(body)}`);
  }

  /** Waits until nothing of these receipts is pending; throws after `timeoutMs`. */
  async waitUntilStored(receipts: readonly string[], timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (const receipt of receipts) {
      while ((await this.pendingOf(receipt)) > 0) {
        if (Date.now() > deadline)
          throw new Error(`Receipt ${receipt} is still pending after ${timeoutMs} ms`);
        await pause(100);
      }
    }
  }

  /** Waits until the bus is empty; throws after `timeoutMs`. */
  async waitUntilDrained(timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while ((await this.gauge('alluvium_backlog_events')) > 0) {
      if (Date.now() > deadline) throw new Error(`Blocks are still on the bus after ${timeoutMs} ms`);
      await pause(250);
    }
  }

  /** Waits until no merge has run for `quietMs`; throws after `timeoutMs`. */
  async waitUntilSettled(quietMs: number, timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    let quietSince = Date.now();
    while (Date.now() - quietSince < quietMs) {
      if (Date.now() > deadline) throw new Error(`Merges still run after ${timeoutMs} ms`);
      await pause(1_000);
      if ((await this.gauge('alluvium_engine_merges')) > 0) quietSince = Date.now();
    }
  }

  async gauge(name: string): Promise<number> {
    const value = readMetric(await this.api.metrics(), name);
    if (value === undefined) throw new Error(`The appliance's /metrics has no ${name}`);
    return value;
  }

  /** Events of a stream in all time. */
  async countEvents(stream: string): Promise<number> {
    const all = { start_time: '1980-01-01T00:00:00Z', end_time: 'now+2d', limit: 1 };
    const { status, body } = await this.api.logs({ stream, ...all });
    if (status !== 200) throw new Error(`Counting ${stream} answered ${status}: ${JSON.stringify(body)}`);
    return body.total;
  }

  async dispose(): Promise<void> {
    await this.appliance.stop();
    await this.remove();
  }

  /** Ends it at once. */
  private async remove(): Promise<void> {
    await this.appliance.dispose();
    await rm(this.scratchDirectory, { recursive: true, force: true });
    this.#ignoreSignals();
  }

  private async pendingOf(receipt: string): Promise<number> {
    const { status, body } = await this.api.receipt(receipt);
    if (status !== 200) throw new Error(`Receipt ${receipt} answered ${status}`);
    return body.pending;
  }
}

/** Runs a measurement on a fresh appliance, which is ended however the measurement ends. */
export async function withAppliance<T>(measure: (bench: BenchAppliance) => Promise<T>): Promise<T> {
  const bench = await BenchAppliance.start();
  try {
    return await measure(bench);
  } finally {
    await bench.dispose();
  }
}
