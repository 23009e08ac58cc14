import { expect, it } from 'vitest';
import { readIngestHeaders } from './ingest-headers.js';

it.each<[string, number | undefined]>([
  ['wait=5', 5],
  ['respond-async; wait=0', 0],
  ['return=minimal, wait="7"', 7],
  ['wait=99', 30],
  ['wait=-1', undefined],
  ['wait=soon', undefined],
  ['await=5', undefined],
])('Prefer: %s waits %s seconds', (prefer, wait) => {
  expect(readIngestHeaders({ prefer }).wait).toBe(wait);
});

it('takes every printable idempotency key up to 255 characters', () => {
  for (const key of ['a', '~ !', 'k'.repeat(255)])
    expect(readIngestHeaders({ 'idempotency-key': key }).idempotencyKey).toBe(key);
  for (const key of ['', 'ä', 'a\tb', 'k'.repeat(256)])
    expect(() => readIngestHeaders({ 'idempotency-key': key })).toThrow('Idempotency-Key');
});

it('carries a trace on, and ignores a broken one', () => {
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  expect(readIngestHeaders({ traceparent })).toEqual({ traceparent });
  expect(readIngestHeaders({ traceparent: 'nonsense' })).toEqual({});
});
