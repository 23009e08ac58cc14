import { describe, expect, it } from 'vitest';
import { InputCounters } from './input-counters.js';
import { joinMessages } from './join-messages.js';
import { NewestMessages } from './newest-messages.js';

const messages = (...texts: readonly string[]): Uint8Array[] => texts.map((text) => Buffer.from(text));
const peer = { address: '::ffff:192.0.2.1', transport: 'udp' } as const;

describe('the messages of an input', () => {
  it('become lines', () => {
    const joined = joinMessages(messages('<1>a', ' ', '', 'b\nc\n', '\n'), {
      format: 'lines',
      maxBytes: 100,
    });
    expect({ ...joined, body: joined.body.toString() }).toEqual({
      body: '<1>a\nb#012c#012\n',
      ...{ count: 2, blank: 3, truncated: 0 },
    });
  });

  it('become lines of JSON, in which an LF is a space', () => {
    const { body } = joinMessages(messages('{"a":\n1}'), { format: 'ndjson', maxBytes: 100 });
    expect(body.toString()).toBe('{"a": 1}\n');
  });

  it('are cut where they are too long, also where their LF made them so', () => {
    const { body, truncated } = joinMessages(messages('abcdef', 'a\nb\n', 'abcd'), {
      format: 'lines',
      maxBytes: 5,
    });
    expect([body.toString(), truncated]).toEqual(['abcde\na#012\nabcd\n', 2]);
  });

  it('keep every byte', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, n) => (n === 10 ? 11 : n));
    const lf = Uint8Array.of(0xff, 10, 0xfe);
    const { body } = joinMessages([bytes, lf], { format: 'lines', maxBytes: 1_000 });
    expect([...body]).toEqual([...bytes, 10, 0xff, ...Buffer.from('#012'), 0xfe, 10]);
  });

  it('are shown, the newest five, as text or base64', () => {
    const newest = new NewestMessages();
    newest.note(messages('1', '2', '3', '4'), peer, true);
    newest.note([Uint8Array.of(0xff, 0xfe), Buffer.from('é'.repeat(8 * 1024))], peer, false);
    const [long, bytes, ...rest] = newest.list();
    expect(rest.map(({ text, taken }) => [text, taken])).toEqual([
      ['4', true],
      ['3', true],
      ['2', true],
    ]);
    expect(bytes).toMatchObject({
      base64: '//4=',
      bytes: 2,
      address: '192.0.2.1',
      transport: 'udp',
      taken: false,
    });
    expect([long?.bytes, long?.text?.length]).toEqual([16 * 1024, 4 * 1024]);
  });

  it('are shown where a character is cut in two', () => {
    const newest = new NewestMessages();
    newest.note([Buffer.from(`x${'é'.repeat(8 * 1024)}`)], peer, true);
    expect(newest.list()[0]?.text?.startsWith('xé')).toBe(true);
  });
});

describe('what an input counts', () => {
  it('is listed by address, within a bound', () => {
    const counters = new InputCounters();
    for (let n = 0; n < 1_002; n += 1) counters.refuse(`a${n}`, 1, 10);
    counters.refuse('a0', 2, 20);
    const list = counters.refusedSenders.list();
    expect(list).toHaveLength(1_000);
    expect(list.find(({ address }) => address === 'a0')).toMatchObject({ messages: 3, bytes: 30 });
    expect([counters.refused, counters.refusedSenders.others]).toEqual([1_004, 2]);
  });

  it('has a bounded number of reasons', () => {
    const counters = new InputCounters();
    for (let n = 0; n < 60; n += 1) counters.drop(`r${n}`, 1);
    counters.drop('r0', 4);
    expect([counters.dropped.size, counters.dropped.get('r0'), counters.dropped.get('other')]).toEqual([
      51, 5, 10,
    ]);
  });
});
