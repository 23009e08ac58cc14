import { expect, it } from 'vitest';
import { makeBlock } from '#event-bus/testing';
import type { Block, BlockHeader } from '#event-model';
import { namePeers } from './name-peers.step.js';

const named = (lines: readonly string[], header: Partial<BlockHeader>): string[] =>
  textOf(namePeers(makeBlock(lines, { format: 'records', ...header })));
const textOf = ({ body }: Block): string[] => Buffer.from(body).toString().split('\n').slice(0, -1);

it('each event says who sent it, row for row', () => {
  const lines = ['{"a":1}', '{}', '\u0001too_quiet\u0002shout', '{"b":2}', '{"c":3}'];
  const peers = [
    ['192.0.2.1', 3],
    ['', 1],
    ['2001:db8::1', 1],
  ] as const;
  expect(named(lines, { peers })).toEqual([
    '{"network.peer.address":"192.0.2.1","a":1}',
    '{"network.peer.address":"192.0.2.1"}',
    '\u0001too_quiet\u0002shout',
    '{"b":2}',
    '{"network.peer.address":"2001:db8::1","c":3}',
  ]);
});

it('an address is a value whatever is in it, and stands before what the sender says of itself', () => {
  const line = '{"network.peer.address":"198.51.100.9"}';
  expect(named([line], { peers: [['a"b', 1]] })).toEqual([
    '{"network.peer.address":"a\\"b","network.peer.address":"198.51.100.9"}',
  ]);
});

it('a block of nobody that is known, of JSON as it came, or of events that are left out, stays as it is', () => {
  const block = makeBlock(['{"a":1}'], { format: 'records' });
  expect(namePeers(block)).toBe(block);
  for (const header of [{ format: 'ndjson' as const }, { format: 'records' as const, dropped: 'noise' }]) {
    const other = makeBlock(['{"a":1}'], { ...header, peers: [['192.0.2.1', 1]] });
    expect(namePeers(other)).toBe(other);
  }
});
