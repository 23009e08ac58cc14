import { MemoryCatalogue } from '#catalogue/testing';
import type { StreamSpec } from '#plugin-kit';
import type { BatchWriter } from '../writers/batch-writer.js';
import { WriterPool, type WriterPoolParts } from '../writers/writer-pool.js';
import { FakeBatchWriter } from './fake-batch-writer.js';
import { FakeMover } from './fake-mover.js';
import { FakeCommits, FakeLogger, STREAM } from './scene.js';

/** A stream beside {@link STREAM}. */
export const OTHER: StreamSpec = { ...STREAM, name: 'other' };

/** Writers over fakes of what they need. */
export function startPool(
  catalogue = new MemoryCatalogue(),
  rests?: WriterPoolParts['rests'],
  settled: () => Promise<void> = async () => {},
) {
  const fake = new FakeBatchWriter();
  const logger = new FakeLogger();
  const failed: unknown[] = [];
  const commits = new FakeCommits();
  const pool = new WriterPool({
    settle: async () => {},
    settled,
    ...(rests && { rests }),
    catalogue,
    writer: fake as unknown as BatchWriter,
    mover: new FakeMover(),
    settings: () => ({ flushBytes: 10, flushIntervalMs: 1 }),
    isPending: () => false,
    logger,
    failed: (error) => void failed.push(error),
  });
  return { catalogue, fake, logger, failed, commits, pool };
}

/** Holds every batch until it is let go. */
export function hold(fake: FakeBatchWriter): () => void {
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  fake.during = () => held;
  return () => letGo();
}
