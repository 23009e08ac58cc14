import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArchivedUnits } from '#archived-units';
import { MemoryCatalogue } from '#catalogue/testing';
import { createBlockIdGenerator, parseTime, type Block } from '#event-model';
import type { RunningJob } from '#job-queue';
import { BlockOutcomes, LedgerMoves, LedgerWriter, QuarantineActions } from '#ledger';
import { loadPlugins, type PluginRegistry } from '#plugin-host';
import type { SearchableTier, StreamSpec, TierPlugin } from '#plugin-kit';
import { CopiesDue, EventTypeRegistry, StreamRegistry, TierRegistry } from '#storage-tier';
import { BlockParser } from '../apps/worker/pipeline/block-parser.js';
import { QuarantineJob } from '../apps/worker/quarantine/quarantine-job.js';
import { QuarantineMover } from '../apps/worker/quarantine/quarantine-mover.js';
import { Replayer } from '../apps/worker/quarantine/replayer.js';
import { BatchWriter } from '../apps/worker/writers/batch-writer.js';
import { ClientIdIndex } from '../apps/worker/writers/client-id-index.js';
import { WriterPool } from '../apps/worker/writers/writer-pool.js';

const RECEIVED = parseTime('2026-11-21T12:00:00Z') ?? 0n;
const END = '2026-11-22T00:00:00Z';
const silent = { warn: () => undefined, error: () => undefined };
const nextId = createBlockIdGenerator();

/** Every step between which the process may end. */
const POINTS = [
  'before-state',
  'after-state',
  'after-insert',
  'after-removal',
  'before-account',
  'after-account',
];

/** Text that syslog refuses, and what it takes; refused JSON. */
const LINES = ['no syslog 1', '<13>Nov 21 05:00:00 web-1 app: hello', 'no syslog 2', '{"message":"three"}'];

describe('refused events', () => {
  let plugins: PluginRegistry;
  let directory: string;
  let tiers: TierRegistry;
  let catalogue: MemoryCatalogue;
  let stream: StreamSpec;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'alluvium-replay-'));
    plugins = await loadPlugins(new URL('../plugins/', import.meta.url));
    const engine = plugins.tiers.find(({ manifest }) => manifest.name === 'tier-clickhouse') as TierPlugin;
    const room = { dataDirectory: directory, scratchDirectory: directory, memoryBytes: 1e9, concurrency: 4 };
    tiers = await TierRegistry.open([engine], () => ({ ...room, reach: () => undefined }));
    catalogue = new MemoryCatalogue();
    const streams = new StreamRegistry(catalogue, new EventTypeRegistry(catalogue, plugins.eventTypes));
    stream = await streams.findOrCreate({ tenant: 'default', name: 'web', eventType: 'log' });
  });
  afterEach(async () => {
    await tiers.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /** A worker's writers and jobs over the same tables and records; it ends for good at the fault point. */
  function startWorker(epoch: number, dieAt?: string) {
    const parser = new BlockParser(plugins.parsers, () => undefined);
    const [ids, due] = [new ClientIdIndex(catalogue, () => 7), new CopiesDue(catalogue)];
    const [outcomes, ledger] = [new BlockOutcomes(catalogue), new LedgerWriter(catalogue)];
    const [moves, actions] = [new LedgerMoves(catalogue), new QuarantineActions(catalogue)];
    const state = { dead: false };
    const reach = (point: string): void => {
      if (point === dieAt) state.dead = true;
      if (state.dead) throw new Error(`dead at ${point}`);
    };
    const mortal = Object.assign(Object.create(catalogue) as MemoryCatalogue, {
      write: (changes: Parameters<MemoryCatalogue['write']>[0]) =>
        state.dead ? Promise.reject(new Error('dead')) : catalogue.write(changes),
    });
    const writer = new BatchWriter({
      ...{ tier: tiers.primary, ids, outcomes, ledger, due, logger: silent, reach: () => undefined },
      ...{ notices: { tell: () => undefined }, archived: new ArchivedUnits(catalogue) },
      timed: (_tier, write) => write(),
    });
    const replayer = new Replayer({
      tier: () => tiers.replaying,
      ...{ ids, archived: new ArchivedUnits(catalogue) },
      parse: async (block) => (block.header.format === 'lines' ? parser.parse(block) : block),
    });
    const tier = new Proxy(tiers.replaying, {
      get: (target, name) => {
        if (state.dead) throw new Error('dead');
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const parts = { tier: () => tier, replayer, outcomes, ledger, moves, actions, due, reach };
    const pool = new WriterPool({
      settle: async () => {},
      ...{ catalogue: mortal, writer, mover: new QuarantineMover(parts), logger: silent },
      settings: () => ({ flushBytes: 1_000_000, flushIntervalMs: 1 }),
      isPending: () => false,
      failed: () => undefined,
    });
    pool.assigned('0', epoch, async () => undefined);
    const streams = new StreamRegistry(catalogue, new EventTypeRegistry(catalogue, plugins.eventTypes));
    const job = new QuarantineJob({ tier: () => tiers.quarantine, streams, writers: pool, moves, actions });
    const store = async (lines: readonly string[], from?: string): Promise<Block> => {
      const sent = blockOf(lines, from);
      const block = from === undefined ? sent : await parser.parse(sent);
      await pool.offer(stream, { block, lane: '0', position: 1 });
      await pool.drain();
      return block;
    };
    return { pool, job, actions, store };
  }

  function blockOf(lines: readonly string[], parser?: string): Block {
    const body = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    const header = { id: nextId(), tenant: 'default', stream: 'web', source: 'agent', receivedAt: RECEIVED };
    const format =
      parser === undefined ? { format: 'ndjson' as const } : { format: 'lines' as const, parser };
    return { header: { ...header, ...format, count: lines.length }, body };
  }

  type Worker = ReturnType<typeof startWorker>;

  async function run({ job, actions }: Worker, payload: object, id = 'job-1'): Promise<void> {
    const filter = { end_time: END };
    if (!(await actions.find('default', id)))
      await actions.add('default', {
        id,
        kind: 'replay',
        filter,
        by: { key_id: 'k', key_name: 'k' },
        asked_at: END,
      });
    const { signal } = new AbortController();
    const running: RunningJob = {
      ...{ kind: 'quarantine.move', id, attempt: 1, signal, progress: async () => undefined },
      payload: { tenant: 'default', kind: 'replay', filter, ...payload },
    };
    await job.run(running);
  }

  /** Messages in the stream, what is in quarantine, and what the ledger says. */
  async function found() {
    const tier = tiers.searchable as SearchableTier;
    const everything = { filter: { kind: 'all', of: [] }, order: 'asc', limit: 1_000 } as const;
    const range = { from: 0n, to: RECEIVED * 2n, timeoutMs: 20_000, tenant: 'default', streams: [stream] };
    const { events } = await tier.search({ ...everything, ...range });
    const refused = await tier.quarantine({ tenant: 'default', limit: 1_000 });
    const sum = await catalogue.read<Record<string, number>>('ledger-sums', 'default/web');
    const { stored, quarantined, deduplicated, dropped } = sum?.value ?? {};
    return {
      stored: events.map(({ message }) => String(message)).sort(),
      refused: refused.events.map(({ raw, reason, parser }) => `${raw} ${reason} ${parser}`).sort(),
      ledger: { stored, quarantined, deduplicated, dropped },
    };
  }

  const PASSED = ['hello', 'no syslog 1', 'no syslog 2', '{"message":"three"}'].sort();

  it('know their parser, and go their way again by another one, under the identity that they have', async () => {
    const worker = startWorker(1);
    const block = await worker.store(LINES, 'syslog');
    expect((await found()).refused).toEqual([
      'no syslog 1 not_syslog syslog',
      'no syslog 2 not_syslog syslog',
      '{"message":"three"} not_syslog syslog',
    ]);
    await run(worker, { parser: 'plain', filter: { end_time: END, parser: 'syslog' } });
    const after = await found();
    expect(after).toMatchObject({ stored: PASSED, refused: [], ledger: { stored: 4, quarantined: 0 } });
    const [present] = await tiers.primary.present(stream, [block.header.id]);
    expect(present?.stored).toEqual([0, 1, 2, 3]);
    expect(await tiers.primary.checkRollUps(stream)).toEqual([]);
    expect(await worker.actions.find('default', 'job-1')).toMatchObject({
      ...{ stored: 3, deduplicated: 0, dropped: 0, refused: 0 },
      ended_at: expect.any(String),
    });
  });

  it('stay with the new reason where they are refused again', async () => {
    const worker = startWorker(1);
    await worker.store(LINES, 'syslog');
    await run(worker, { parser: 'json' });
    const { stored, refused, ledger } = await found();
    expect(stored).toEqual(['hello', 'three']);
    expect(refused.map((line) => line.split(' ').slice(-1)[0])).toEqual(['json', 'json']);
    expect(refused.every((line) => !line.includes('not_syslog'))).toBe(true);
    expect(ledger).toEqual({ stored: 2, quarantined: 2, deduplicated: 0, dropped: 0 });
  });

  it('are deduplicated where another event came with their id meanwhile', async () => {
    const worker = startWorker(1);
    await worker.store(['{"id":"a","message":"refused"}', '{"id":"b","message":"other"}'], 'syslog');
    await worker.store(['{"id":"a","message":"sent again"}']);
    await run(worker, { parser: 'json' });
    expect(await found()).toEqual({
      stored: ['other', 'sent again'],
      refused: [],
      ledger: { stored: 2, quarantined: 0, deduplicated: 1, dropped: 0 },
    });
  });

  it.each([
    ['resolve', 'resolved'],
    ['expire', 'quarantine_retention'],
  ])('leave for good where it is said to %s them, and are counted as dropped', async (kind, policy) => {
    const worker = startWorker(1);
    const block = await worker.store(LINES, 'syslog');
    await run(worker, { kind, filter: { end_time: END, reason: 'not_syslog' } });
    expect(await found()).toEqual({
      stored: ['hello'],
      refused: [],
      ledger: { stored: 1, quarantined: 0, deduplicated: 0, dropped: 3 },
    });
    const outcome = await new BlockOutcomes(catalogue).read([block.header.id]);
    expect(outcome.get(block.header.id)).toMatchObject({ quarantined: {}, dropped: { [policy]: '0,2-3' } });
  });

  it.each(POINTS)('are there once where the process ends at quarantine.%s', async (point) => {
    const first = startWorker(1, `quarantine.${point}`);
    await first.store(LINES, 'syslog');
    await expect(run(first, { parser: 'plain' })).rejects.toThrow();
    first.pool.stop();
    const second = startWorker(2);
    await run(second, { parser: 'plain' });
    await run(second, { parser: 'plain' }, 'job-2');
    expect(await found()).toEqual({
      stored: PASSED,
      refused: [],
      ledger: { stored: 4, quarantined: 0, deduplicated: 0, dropped: 0 },
    });
    expect(await tiers.primary.checkRollUps(stream)).toEqual([]);
    expect(await new LedgerMoves(catalogue).streams('default')).toEqual([]);
    expect(await second.actions.find('default', 'job-1')).toMatchObject({ stored: 3 });
  });

  it('are there once where two replays run at once, while others arrive', async () => {
    const worker = startWorker(1);
    for (let n = 0; n < 5; n += 1) await worker.store([`refused ${n} a`, `refused ${n} b`], 'syslog');
    const arriving = worker.store(['late'], 'plain');
    await Promise.all([
      run(worker, { parser: 'plain' }),
      run(worker, { parser: 'plain' }, 'job-2'),
      arriving,
    ]);
    const { stored, refused, ledger } = await found();
    expect([new Set(stored).size, stored.length, refused]).toEqual([11, 11, []]);
    expect(ledger).toMatchObject({ stored: 11, quarantined: 0 });
  });
});
