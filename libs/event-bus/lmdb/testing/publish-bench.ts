import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nowNs } from '#event-model';
import { BlockGatherer } from '../../block-gatherer.js';
import type { Delivery } from '../../event-bus.port.js';
import { frameLines } from '../../line-framing.js';
import { LmdbEventBus } from '../lmdb-event-bus.js';

/**
 * Prints how many durable requests and events a second the log takes, with a consumer that keeps pace. Run it with
 * `node --conditions=source --import ./test/support/typescript-loader.mjs libs/event-bus/lmdb/testing/publish-bench.ts`.
 */
const directory = mkdtempSync(join(tmpdir(), 'alluvium-bus-bench-'));
const bus = await LmdbEventBus.open({ directory });
const gatherer = new BlockGatherer(bus);
const target = { tenant: 'default', stream: 'default', source: 'bench', format: 'ndjson' } as const;
const line = `{"message":"${'x'.repeat(236)}"}\n`;

const delivered: Delivery[] = [];
const subscription = await bus.subscribe({
  onAssigned: () => undefined,
  onRevoked: () => undefined,
  onBlock: (delivery) => void delivered.push(delivery),
});
const committing = setInterval(() => void subscription.commit(delivered.splice(0)), 200);

async function measure(connections: number, requests: number, eventsEach: number): Promise<void> {
  const template = Buffer.from(line.repeat(eventsEach));
  const latencies: number[] = [];
  const cpu = process.cpuUsage();
  const start = performance.now();
  let left = requests;
  const send = async (): Promise<void> => {
    for (; left > 0; left -= 1) {
      const began = performance.now();
      const framed = frameLines(Buffer.from(template), 1024 * 1024);
      if ('tooLong' in framed) throw new Error('the template has a long line');
      await gatherer.append({ ...target, ...framed, receivedAt: nowNs() });
      latencies.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: connections }, send));
  report(connections, eventsEach, latencies, { seconds: (performance.now() - start) / 1000, cpu });
}

interface Spent {
  readonly seconds: number;
  readonly cpu: NodeJS.CpuUsage;
}

function report(connections: number, eventsEach: number, latencies: number[], { seconds, cpu }: Spent): void {
  const { user, system } = process.cpuUsage(cpu);
  const events = latencies.length * eventsEach;
  latencies.sort((a, b) => a - b);
  const p99 = latencies[Math.floor(latencies.length * 0.99)] ?? 0;
  process.stdout.write(
    `${connections} connections, ${eventsEach} events a request: ${Math.round(latencies.length / seconds)} requests/s, ` +
      `${Math.round(events / seconds)} events/s, p99 ${p99.toFixed(1)} ms, ` +
      `${((user + system) / events).toFixed(2)} CPU s for a million events\n`,
  );
}

await measure(16, 20_000, 1);
await measure(16, 50_000, 1);
await measure(128, 200_000, 1);
await measure(4, 200, 5000);
clearInterval(committing);
await bus.stop();
rmSync(directory, { recursive: true });
