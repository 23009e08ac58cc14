import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { collect } from '../testing/index.js';
import { LmdbEventBus } from './lmdb-event-bus.js';
import { BusLedger } from './testing/bus-ledger.js';
import { runChild } from './testing/child-process.js';

const directory = mkdtempSync(join(tmpdir(), 'alluvium-bus-kill-'));
/** One log and one ledger for all rounds: what an earlier round was promised must outlive the later ones too. */
const ledger = new BusLedger();

afterAll(() => rmSync(directory, { recursive: true }));

async function verify(): Promise<void> {
  const bus = await LmdbEventBus.open({ directory });
  const { consumer } = await collect(bus, bus.backlog().blocks);
  await bus.stop();
  expect(bus.status()).toEqual({ corruptBlocks: 0 });
  expect(ledger.violations(consumer.deliveries)).toEqual([]);
}

describe('a process killed with -9 loses nothing that it was promised', () => {
  const points = ['bus.before-commit', 'bus.after-commit', 'bus.before-remove', 'bus.after-remove'];
  const passes = [0, 3, 11];
  it.each(points.flatMap((point) => passes.map((pass) => [point, pass] as const)))(
    'at %s, passed %i times before',
    async (point, pass) => {
      const run = await runChild('./publishing-process.ts', [directory, point, String(pass)]);
      expect(run.signal).toBe('SIGKILL');
      ledger.record(run.lines);
      await verify();
    },
  );

  it.each([1, 7, 20, 45, 90, 150, 230, 400])('some %i ms after its start', async (ms) => {
    const before = ledger.promised;
    const killAfterMs = ms + Math.random() * ms;
    const run = await runChild('./publishing-process.ts', [directory], { killAfterMs });
    expect(run.signal, `killed after ${killAfterMs} ms`).toBe('SIGKILL');
    ledger.record(run.lines);
    await verify();
    if (ms >= 90) expect(ledger.promised).toBeGreaterThan(before);
  });
});
