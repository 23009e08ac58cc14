import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Block } from '#event-model';
import { makeBlock } from '#event-bus/testing';
import { LedgerLines } from '#ledger';
import type { StreamSpec } from '#plugin-kit';
import { BAD, FakeTables, type InsertEnd } from './testing/fake-tier.js';
import { kindOf, MortalWorker, type MortalWorkerOptions } from './testing/mortal-worker.js';
import { STREAM } from './testing/scene.js';

const ROUNDS = 200;
const SEED = Number(process.env['ALLUVIUM_TEST_SEED'] ?? Date.now() % 2 ** 31);
const STREAMS: readonly StreamSpec[] = [STREAM, { ...STREAM, name: 'other' }];
const WAYS: readonly InsertEnd[] = ['before', 'partial', 'after', 'one short'];

/** Steps of every batch. */
const STEPS = [
  ...['worker.before-state', 'worker.after-state', 'worker.after-insert', 'worker.before-commit'],
  ...['tier clientIds', 'tier insert', 'tier inserted'],
  ...['before write', 'after write', 'before commit', 'after commit'],
];
/** Steps of a batch whose insert's end isn't known. */
const SETTLING = ['tier present', 'tier checkRollUps', 'worker.after-read-back'];
const AIMS = [...STEPS, ...SETTLING];

/** Numbers from 0 to below 1, the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe(`a worker that dies at any step (ALLUVIUM_TEST_SEED=${SEED}, ${ROUNDS} rounds)`, () => {
  const directory = mkdtempSync(join(tmpdir(), 'alluvium-worker-'));
  const random = randomOf(SEED);
  const below = (limit: number): number => Math.floor(random() * limit);
  const tables = new FakeTables();
  const published: Block[] = [];
  const deaths = new Map<string, number>();
  let lines = 0;
  let last: MortalWorker;

  afterAll(async () => {
    await last.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Every line is unlike any other; some are refused, some have an id that others have too. */
  function makeLine(): string {
    lines += 1;
    const kind = below(6);
    if (kind === 0) return `${BAD}${lines}`;
    if (kind === 1) return `${lines} "id":"id${below(40)}"`;
    return `${lines} day:2026112${below(3)}`;
  }

  async function publish(worker: MortalWorker): Promise<void> {
    for (let n = below(5); n >= 0; n -= 1) {
      const { tenant, name } = STREAMS[below(STREAMS.length)] ?? STREAM;
      const place = { tenant, stream: name };
      const make = (): Block =>
        below(4) === 0
          ? makeBlock([], { ...place, dropped: 'noise', count: 1 + below(4) })
          : makeBlock(Array.from({ length: 1 + below(4) }, makeLine), place);
      const blocks = Array.from({ length: 1 + below(3) }, make);
      await worker.bus.publish([{ blocks }]);
      published.push(...blocks);
    }
  }

  type Death = Pick<MortalWorkerOptions, 'steps' | 'dieAt'>;

  async function round(death: Death): Promise<MortalWorker> {
    const worker = await MortalWorker.start({ directory, tables, streams: STREAMS, ...death });
    if (SETTLING.includes(death.dieAt ?? '')) worker.tier.ends = ['partial'];
    else if (below(8) === 0) worker.tier.ends = [WAYS[below(WAYS.length)] ?? 'ok'];
    await publish(worker);
    await worker.untilDeadOrDone();
    return worker;
  }

  /** Every fourth round is aimed at a kind of step in turn, so that none is left out; the others end anywhere. */
  function deathOf(n: number): Death {
    const dieAt = n % 4 === 0 ? AIMS[(n / 4) % AIMS.length] : undefined;
    if (dieAt !== undefined) return { steps: Number.POSITIVE_INFINITY, dieAt };
    return { steps: below(6) === 0 ? Number.POSITIVE_INFINITY : 1 + below(60) };
  }

  beforeAll(async () => {
    for (let n = 0; n < ROUNDS; n += 1) {
      const worker = await round(deathOf(n));
      await worker.close();
      const at = kindOf(worker.diedAt ?? 'lived');
      deaths.set(at, (deaths.get(at) ?? 0) + 1);
    }
    last = await round({ steps: Number.POSITIVE_INFINITY });
  }, 120_000);

  /** Lines of a stream in the order of acceptance. */
  function linesOf(stream: string): string[] {
    const blocks = published.filter(({ header, body }) => header.stream === stream && body.length > 0);
    return blocks.flatMap(({ body }) => Buffer.from(body).toString().trimEnd().split('\n'));
  }

  /** Events of a stream that a policy left out. */
  function droppedOf(stream: string): number {
    const gone = published.filter(({ header }) => header.stream === stream && header.dropped !== undefined);
    return gone.reduce((sum, { header }) => sum + header.count, 0);
  }

  /** Of the lines with one id the first. */
  function expectedOf(stream: string): string[] {
    const ids = new Set<string>();
    return linesOf(stream).filter((line) => {
      const id = /"id":"(\w+)"/.exec(line)?.[1];
      if (id === undefined) return true;
      return !ids.has(id) && ids.add(id);
    });
  }

  it('dies at every kind of step', () => {
    expect([...deaths.keys()]).toEqual(expect.arrayContaining(['lived', ...STEPS, ...SETTLING]));
  });

  it.each(STREAMS.map(({ name }) => name))('has every event of "%s" exactly once', (stream) => {
    const found = [...tables.stored, ...tables.quarantined].filter((row) => row.stream === stream);
    expect(found.map(({ line }) => line).sort()).toEqual(expectedOf(stream).sort());
  });

  it('has refused lines in quarantine and nothing else', () => {
    expect(tables.quarantined.length).toBeGreaterThan(0);
    expect(tables.quarantined.every(({ line }) => line.startsWith(BAD))).toBe(true);
    expect(tables.stored.some(({ line }) => line.startsWith(BAD))).toBe(false);
  });

  it('has roll-ups that add up', async () => {
    expect(await last.tier.checkRollUps()).toEqual([]);
  });

  it.each(STREAMS.map(({ name }) => name))(
    'has a ledger of "%s" that says what the tables have',
    async (stream) => {
      const rows = (table: readonly { stream: string }[]) =>
        table.filter((row) => row.stream === stream).length;
      const sum = await last.catalogue.read('ledger-sums', `acme/${stream}`);
      expect(sum?.value).toMatchObject({
        stored: rows(tables.stored),
        quarantined: rows(tables.quarantined),
        deduplicated: linesOf(stream).length - expectedOf(stream).length,
        dropped: droppedOf(stream),
        dropped_by: { noise: droppedOf(stream) },
      });
    },
  );

  it('leaves nothing unaccounted for, by source and minute', async () => {
    const ledger = await new LedgerLines(last.catalogue, last.bus).read('acme', {
      from: 0,
      to: Date.now() + 1e10,
    });
    expect(ledger.length).toBeGreaterThan(0);
    expect(ledger.filter(({ residue }) => residue !== 0)).toEqual([]);
  });
});
