import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { collect } from '../testing/index.js';
import { LmdbEventBus } from './lmdb-event-bus.js';
import { BusLedger } from './testing/bus-ledger.js';
import { runChild, type ChildRun } from './testing/child-process.js';

const root = mkdtempSync(join(tmpdir(), 'alluvium-bus-full-'));

afterAll(() => rmSync(root, { recursive: true }));

describe('a log that the system lets grow no further', () => {
  const directory = join(root, 'limited');
  const words = (run: ChildRun): readonly string[] => run.lines.map((line) => line.split(' ')[0] ?? '');

  it('refuses with an error that a retry may mend, recovers by itself, and keeps what it promised', async () => {
    const run = await runChild('./filling-process.ts', [directory], { fileLimit: 8000 });
    expect(run.code).toBe(0);
    const refusals = run.lines.filter((line) => line.startsWith('refused'));
    expect(refusals.length).toBeGreaterThanOrEqual(2);
    for (const refusal of refusals) expect(refusal).toMatch(/^refused (bus_full|bus_unavailable) true \1$/);
    expect(words(run)).toEqual(expect.arrayContaining(['recovered', 'remove', 'removed']));
    expect(words(run).slice(-2)).toEqual(['send', 'sent']);

    const ledger = new BusLedger();
    ledger.record(run.lines);
    const bus = await LmdbEventBus.open({ directory });
    const { consumer } = await collect(bus, bus.backlog().blocks);
    await bus.stop();
    expect(ledger.promised).toBeGreaterThan(5);
    expect(ledger.violations(consumer.deliveries)).toEqual([]);
  });
});
