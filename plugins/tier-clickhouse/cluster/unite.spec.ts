import { expect, it } from 'vitest';
import { createBlockIdGenerator } from '#event-model';
import * as unite from './unite.js';

const nextId = createBlockIdGenerator();
const [a, b, c] = [nextId(), nextId(), nextId()];
const refused = (block: typeof a, row: number) => ({ block, row, reason: 'not_json' });

it('unites rows of a block that two shards have', () => {
  const one = [{ block: a, stored: [0, 4], quarantined: [refused(a, 3)] }];
  const two = [{ block: a, stored: [2], quarantined: [refused(a, 1)] }];
  expect(unite.unitePresent([a, b], [one, two])).toEqual([
    { block: a, stored: [0, 2, 4], quarantined: [refused(a, 1), refused(a, 3)] },
    { block: b, stored: [], quarantined: [] },
  ]);
});

it('adds up counts of a minute, each of its stream and source', () => {
  const count = (stream: string, events: number) => ({ stream, source: 's', minute: 60_000, events });
  expect(unite.uniteMinutes([[count('x', 1), count('y', 2)], [count('x', 3)]])).toEqual([
    count('x', 4),
    count('y', 2),
  ]);
});

it('adds up units, with the hash of who their events are as the engine does', () => {
  const unit = { day: 20260101, generation: 0, events: 2, diskBytes: 10, oldest: 5n, newest: 6n };
  const other = { ...unit, events: 3, oldest: 1n, newest: 5n };
  const next = { ...unit, day: 20260102 };
  expect(unite.uniteUnits([[next, unit], [other]])).toEqual([
    { ...unit, events: 5, diskBytes: 20, oldest: 1n, newest: 6n },
    next,
  ]);
  const counted = { day: 20260101, generation: 0, events: 1, lastReceivedAt: 7n, through: a, identities: '' };
  const most = { ...counted, identities: String(2n ** 64n - 1n) };
  const few = { ...counted, lastReceivedAt: 9n, through: b, identities: '3' };
  expect(unite.uniteCounted([most, undefined, few])).toEqual({ ...few, events: 2, identities: '2' });
  expect(unite.uniteCounted([undefined, undefined])).toBeUndefined();
});

it('adds up parts by what is there to be read again', () => {
  const part = {
    ...{ day: 20260101, generation: 0, partEvents: 2, diskBytes: 10 },
    forms: [{ form: 'json' as const, parser: '', events: 2 }],
  };
  const other = { ...part, forms: [{ form: 'json' as const, parser: '', events: 5 }] };
  expect(unite.uniteParts([[part], [other]])).toEqual([
    { ...part, partEvents: 4, diskBytes: 20, forms: [{ form: 'json', parser: '', events: 7 }] },
  ]);
});

it('gives the first blocks of all, each once', () => {
  const of = (block: typeof a, events: number) => ({ block, events, bytes: events });
  expect(
    unite.uniteBlocks(
      [
        [of(a, 1), of(c, 1)],
        [of(a, 2), of(b, 1)],
      ],
      2,
    ),
  ).toEqual([of(a, 3), of(b, 1)]);
});

it('unites days, rewrites and places', () => {
  expect(
    unite.uniteDays([
      [3, 1],
      [2, 3],
    ]),
  ).toEqual([1, 2, 3]);
  const kept = [refused(b, 1), refused(a, 2)];
  expect(
    unite.uniteRewrites([
      { changed: 1, kept },
      { changed: 2, kept: [refused(a, 2)] },
    ]),
  ).toEqual({
    changed: 3,
    kept: [refused(a, 2), refused(b, 1)],
  });
});
