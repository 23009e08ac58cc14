import { beforeEach, describe, expect, it } from 'vitest';
import { formatEventId } from '#event-model';
import { TierError, type QuarantinedRow, type RewritingTier, type StreamSpec } from '#plugin-kit';
import { FakeRewritingTier } from '../testing/fake-rewriting-tier.js';
import { STREAM } from '../testing/scene.js';
import { PartRewriter } from './part-rewriter.js';
import { Rereader } from './rereader.js';

const PART = { stream: STREAM, day: 20261120, generation: 0 };
const REQUEST = {
  ...{ run: 'run', tenant: 'acme', stream: 'web' },
  ...{ start_time: '2026-11-20T00:00:00Z', end_time: '2026-11-21T00:00:00Z' },
};

let tier: FakeRewritingTier;
let stop: AbortController;
/** What the stream is when its writer rests. */
let now: StreamSpec | undefined;
let told: number[];
/** Where the job is cancelled. */
let cancelledAt: string | undefined;
beforeEach(() => {
  [tier, stop, now, told] = [new FakeRewritingTier(), new AbortController(), STREAM, []];
  cancelledAt = undefined;
});

const cancelAt = (place: string): void => {
  if (place === cancelledAt) stop.abort(new Error('cancelled'));
};

function rewrite(request: object = {}) {
  const rewriter = new PartRewriter({
    tier: () => tier as unknown as RewritingTier,
    rereader: new Rereader({ parsers: { has: (name) => name === 'shout' }, parse: async (block) => block }),
    writers: {
      exclusively: async (_stream, work) => {
        tier.calls.push('rest');
        const done = await work();
        tier.calls.push('write on');
        return done;
      },
    },
    copies: { withdraw: async () => void tier.calls.push('withdraw the copy') },
    streams: { find: async () => now },
    due: {
      whileReplaced: async (_stream, days, replace) => {
        tier.calls.push(`due ${days.join()}`);
        await replace();
      },
    },
    reach: cancelAt,
  });
  const read = async (events: number): Promise<void> => void told.push(events);
  return rewriter.rewrite({
    ...{ part: PART, signal: stop.signal, read },
    request: { ...REQUEST, ...request },
  });
}

it('fills a copy portion by portion, catches up, and puts it in place while the writer rests', async () => {
  tier.add([['a'], ['b']], 12e6);
  tier.add([['c']], 12e6);
  tier.lacking = [900, 300, 200, 0];
  expect(await rewrite()).toEqual({
    part: { day: 20261120, generation: 0, events: 3, changed: 3, kept: 0 },
    reasons: [],
  });
  expect(tier.calls).toEqual([
    ...['begin', 'rewrite', 'rewrite', 'catchUp', 'catchUp', 'catchUp'],
    ...['rest', 'withdraw the copy', 'due 20261120', 'finish', 'write on', 'abandon'],
  ]);
  expect(told).toEqual([2, 3]);
});

it('catches up five times at most where the stream is faster', async () => {
  tier.add([['a']]);
  tier.lacking = Array.from({ length: 9 }, () => 900);
  await rewrite();
  expect(tier.calls.filter((call) => call === 'catchUp')).toHaveLength(5);
  expect(tier.calls).toContain('finish');
});

it('replaces nothing where nothing is otherwise', async () => {
  tier.add([['a']]);
  tier.reports = [{ changed: 0, kept: [] }];
  expect((await rewrite()).part).toMatchObject({ events: 1, changed: 0 });
  expect(tier.calls).toEqual(['begin', 'rewrite', 'abandon']);
});

describe('what stays as it is', () => {
  it('is counted by reason, with an example', async () => {
    const first = tier.add([['a'], ['b', 'text', 'gone']]);
    const second = tier.add([['c', 'text', 'gone']]);
    tier.reports = [{ changed: 0, kept: [{ block: first, row: 0, reason: 'other_day' }] }];
    expect(await rewrite()).toEqual({
      part: { day: 20261120, generation: 0, events: 3, changed: 0, kept: 3 },
      reasons: [
        { reason: 'parser_missing', events: 2, example: formatEventId(first, 1) },
        { reason: 'other_day', events: 1, example: formatEventId(first, 0) },
      ],
    });
    expect(second).not.toBe(first);
  });

  it('is counted whole, however many reasons there are', async () => {
    const lines = Array.from({ length: 60 }, (_, n): [string] => [`line ${n}`]);
    const block = tier.add(lines);
    const kept = lines.map((_, row): QuarantinedRow => ({ block, row, reason: `reason_${row}` }));
    tier.reports = [{ changed: 0, kept }];
    const { part, reasons } = await rewrite();
    expect([part.kept, reasons.length]).toEqual([60, 50]);
  });

  it('is each line of the portion that the engine refuses, once, and no line that was not asked for', async () => {
    const block = tier.add([['a'], ['b', 'text', 'gone'], ['{}', 'json', '']]);
    tier.failure = new TierError('data', 'odd bytes');
    expect((await rewrite()).reasons).toEqual([
      { reason: 'engine:tier_data', events: 2, example: formatEventId(block, 0) },
      { reason: 'parser_missing', events: 1, example: formatEventId(block, 1) },
    ]);
    expect(tier.batches.map(({ blocks }) => blocks.length)).toEqual([2, 0]);
    tier.failure = new TierError('data', 'odd bytes');
    expect((await rewrite({ parsed_by: 'shout' })).part).toMatchObject({ events: 1, kept: 1 });
  });
});

describe('a part that is left as it was', () => {
  it.each([
    ['before the first portion', 'reparse.begun', ['begin', 'abandon']],
    ['between two portions', 'reparse.portion', ['begin', 'rewrite', 'abandon']],
    ['before it is replaced', 'reparse.filled', ['begin', 'rewrite', 'rewrite', 'catchUp', 'abandon']],
  ])('is one whose job is cancelled %s: the copy is dropped', async (_when, place, calls) => {
    tier.add([['a']], 12e6);
    tier.add([['b']], 12e6);
    cancelledAt = place;
    await expect(rewrite()).rejects.toThrow('cancelled');
    expect(tier.calls).toEqual(calls);
  });

  it('is not one that was replaced when the job is cancelled', async () => {
    tier.add([['a']]);
    cancelledAt = 'reparse.replaced';
    expect((await rewrite()).part).toMatchObject({ changed: 1 });
  });

  it.each([
    ['whose engine fails', new TierError('unavailable', 'no engine'), STREAM, 'no engine'],
    ['whose stream is gone meanwhile', undefined, undefined, 'begun again'],
    [
      'whose type has a new version meanwhile',
      undefined,
      { ...STREAM, eventType: { ...STREAM.eventType, version: 2 } },
      'begun again',
    ],
  ])('is one %s, to be tried again', async (_what, failure, stream, message) => {
    tier.add([['a']]);
    [tier.failure, now] = [failure, stream];
    await expect(rewrite()).rejects.toMatchObject({
      retryable: true,
      message: expect.stringContaining(message),
    });
    expect(tier.calls.at(-1)).toBe('abandon');
    expect(tier.calls).not.toContain('finish');
  });
});
