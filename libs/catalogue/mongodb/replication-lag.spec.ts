import { expect, it } from 'vitest';
import { ReplicationLag } from './replication-lag.js';

const WRITTEN = new Date('2026-01-01T00:00:00Z');
const before = (seconds: number) => ({ lastWriteDate: new Date(Number(WRITTEN) - seconds * 1_000) });
const PRIMARY = { isWritablePrimary: true, lastWrite: before(0) };

it('is what a secondary lacks of the primary’s writes, less the time between their answers', () => {
  const lag = new ReplicationLag();
  lag.hear('a:1', PRIMARY, 10_000);
  lag.hear('b:1', { secondary: true, lastWrite: before(3) }, 10_000);
  lag.hear('c:1', { secondary: true, lastWrite: before(1) }, 9_000);
  lag.hear('d:1', { secondary: true, lastWrite: before(0) }, 9_000);
  lag.hear('arbiter:1', {}, 9_000);
  expect([...lag.seconds()]).toEqual([
    ['b:1', 3],
    ['c:1', 0],
    ['d:1', 0],
  ]);
  lag.hear('b:1', {}, 11_000);
  lag.forget('c:1');
  expect([...lag.seconds()]).toEqual([['d:1', 0]]);
  lag.forget('a:1');
  expect([...lag.seconds()]).toEqual([]);
});

it('is not known of mongos, or before anybody answered', () => {
  const lag = new ReplicationLag();
  expect([...lag.seconds()]).toEqual([]);
  lag.hear('a:1', { isWritablePrimary: true }, 10_000);
  expect([...lag.seconds()]).toEqual([]);
});
