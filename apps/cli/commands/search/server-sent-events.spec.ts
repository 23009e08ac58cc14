import { describe, expect, it } from 'vitest';
import { ServerSentEvents } from './server-sent-events.js';

const STREAM =
  ': following\n\nevent: log\nid: 1\ndata: {"m":"ä日"}\n\ndata: a\r\ndata:b\r\n\r\nevent: none\n\nevent:dropped\ndata: 1\n\n';

describe('server-sent events', () => {
  it.each([1, 2, 3, 5, 1_000])('are read from pieces of %i bytes', (size) => {
    const events = new ServerSentEvents();
    const bytes = Buffer.from(STREAM);
    const read = [];
    for (let at = 0; at < bytes.length; at += size) read.push(...events.feed(bytes.subarray(at, at + size)));
    expect(read).toEqual([
      { event: 'log', data: '{"m":"ä日"}' },
      { event: 'message', data: 'a\nb' },
      { event: 'dropped', data: '1' },
    ]);
  });

  it('do not grow for ever', () => {
    const events = new ServerSentEvents();
    const piece = Buffer.alloc(40 * 1024 * 1024, 'x');
    events.feed(piece);
    expect(() => events.feed(piece)).toThrow(/no end/);
  });
});
