import { expect, it } from 'vitest';
import { EventStreamCutter } from './event-stream.js';

const TEXT =
  ': following\n\nevent: log\nid: 1-0\ndata: {"a":"b"}\n\n: still here\n\nevent: dropped\ndata: {"dropped":5}\n\n';

it.each([1, 2, 7, 1_000])('finds the messages in pieces of %i characters', (size) => {
  const cutter = new EventStreamCutter();
  const found = [];
  for (let at = 0; at < TEXT.length; at += size) found.push(...cutter.add(TEXT.slice(at, at + size)));
  expect(found).toEqual([
    { event: 'log', data: '{"a":"b"}' },
    { event: 'dropped', data: '{"dropped":5}' },
  ]);
});
