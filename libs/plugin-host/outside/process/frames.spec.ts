import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { makeParserPlugin } from '#plugin-kit/testing';
import { FrameReader, MOST_FRAME_BYTES } from '../frame-reader.js';
import { answerLines } from './answer-lines.js';
import {
  decodeAnswer,
  decodeQuestion,
  encodeAnswer,
  encodeQuestion,
  LENGTH_BYTES,
  type AskedLines,
} from './frames.js';

const RECEIVED = 1_795_239_970_000_000_007n;
const asked = (question: AskedLines['question'], ...lines: string[]): AskedLines => ({
  question,
  lines: lines.map((line) => Buffer.from(line)),
  context: { receivedAt: RECEIVED, zone: 'Europe/Berlin' },
});
const plugin = makeParserPlugin(
  'own',
  (text) => {
    if (text === 'throw') throw new Error('oh');
    if (text === 'no') return { kind: 'refused', reason: 'not_own', message: 'It is not.' };
    if (text.startsWith('{')) return { kind: 'json' };
    const event = { message: text, n: 1.5 };
    return text === 'half' ? { kind: 'event', confidence: 'partial', event } : { kind: 'event', event };
  },
  (text) => (text.startsWith('x') ? 0.7 : 0),
);
const answer = (question: AskedLines): ReturnType<typeof decodeAnswer> =>
  decodeAnswer(encodeAnswer(answerLines(plugin, question)).subarray(LENGTH_BYTES), 'own');

describe('a question', () => {
  it('comes out as it went in, whatever the bytes', () => {
    const lines = [Buffer.from([0xff, 0x00]), Buffer.from('\u00e4'), Buffer.alloc(0)];
    const question = { ...asked('try'), lines };
    const decoded = decodeQuestion(encodeQuestion(question).subarray(LENGTH_BYTES));
    expect(decoded).toEqual(question);
  });
});

describe('an answer', () => {
  it('has each line as it goes on into storage, and what that does not say', () => {
    const { verdicts, sure } = answer(asked('parse', 'a\u2028b', 'no', '{"a":1}', 'half'));
    expect(sure).toEqual([]);
    expect(verdicts.map((verdict) => verdict?.parsed)).toEqual([
      { kind: 'event', event: expect.objectContaining({ message: 'a\u2028b', n: 1.5 }) },
      { kind: 'refused', reason: 'not_own', message: 'It is not.' },
      { kind: 'json' },
      { kind: 'event', confidence: 'partial', event: expect.objectContaining({ parse_status: 'partial' }) },
    ]);
    expect(verdicts[0]).toMatchObject({
      parser: 'own',
      line: '{"message":"a\u2028b","n":1.5,"parser":"own"}',
    });
    expect(verdicts[0]).not.toHaveProperty('certainty');
  });

  it('to a sniff has the lines that could be its own only, and to a trial all', () => {
    const sniffed = answer(asked('sniff', 'y1', 'x1'));
    expect(sniffed.sure).toEqual([0, 0.7]);
    expect(sniffed.verdicts).toMatchObject([undefined, { certainty: 0.7 }]);
    expect(answer(asked('try', 'y1', 'x1')).verdicts).toMatchObject([{ certainty: 0 }, { certainty: 0.7 }]);
  });

  it('tells once of what was thrown, with its lines', () => {
    const lines = Array.from({ length: 600 }, (_, n) => (n < 300 ? 'throw' : 'x'));
    const { failures, verdicts } = answer(asked('parse', ...lines));
    expect(failures).toMatchObject([{ lines: 500, message: 'oh', stack: expect.stringContaining('oh') }]);
    expect(verdicts.map((verdict) => verdict?.parsed.kind)).toEqual(
      lines.map((_, n) => (n < 500 ? 'refused' : 'event')),
    );
  });
});

it('frames are cut out of a stream, however it is chunked', async () => {
  const frames = ['', 'a', 'b'.repeat(70_000), 'c'].map((text) => {
    const frame = Buffer.alloc(LENGTH_BYTES + text.length, text);
    frame.writeUInt32LE(text.length);
    return frame;
  });
  for (const size of [1, 3, 5, 65_536]) {
    const source = new PassThrough();
    const reader = new FrameReader(source, () => expect.unreachable());
    const first = reader.next();
    const all = Buffer.concat(frames);
    for (let from = 0; from < all.length; from += size) source.write(all.subarray(from, from + size));
    const got = [await first];
    while (got.length < frames.length) got.push(await reader.next());
    expect(got.map(({ length }) => length)).toEqual([0, 1, 70_000, 1]);
    expect(got[3]?.toString()).toBe('c');
  }
});

it('a frame that says it is too long is told of at once, and nothing behind it is read', async () => {
  const source = new PassThrough();
  const told: number[] = [];
  void new FrameReader(source, (bytes) => told.push(bytes));
  const head = Buffer.alloc(2 * LENGTH_BYTES);
  head.writeUInt32LE(MOST_FRAME_BYTES + 1);
  source.write(head);
  source.write(Buffer.alloc(2 * LENGTH_BYTES));
  await new Promise(setImmediate);
  expect(told).toEqual([MOST_FRAME_BYTES + 1]);
});
