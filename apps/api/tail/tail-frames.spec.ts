import { describe, expect, it } from 'vitest';
import { Problem } from '../problems/problem.js';
import { toServerSentEvents, toSocketTexts } from './tail-frames.js';
import { TailPortion } from './tail-portion.js';
import type { TailMessage } from './tail-queue.js';

const ID = `${'0a'.repeat(16)}-7`;
const LINES = [`{"event_id":"${ID}","message":"a\\r\\n\\r\\nevent: log\\ndata: {}"}`, '{"message":"ü"}'];
const events: TailMessage = {
  kind: 'events',
  portion: new TailPortion(Buffer.from(`${LINES.join('\n')}\n`), 2),
};
const problem: TailMessage = { kind: 'problem', problem: new Problem('unauthenticated', 'It was revoked.') };

describe('as server-sent events', () => {
  it('an event is one frame with its id, whatever its message says', () => {
    expect(toServerSentEvents(events).toString()).toBe(
      `event: log\nid: ${ID}\ndata: ${LINES[0]}\n\nevent: log\ndata: ${LINES[1]}\n\n`,
    );
  });

  it('so are what was left out, the end and the sign of life', () => {
    expect(toServerSentEvents({ kind: 'dropped', count: 5 }).toString()).toBe(
      'event: dropped\ndata: {"dropped":5}\n\n',
    );
    expect(toServerSentEvents({ kind: 'heartbeat' }).toString()).toBe(': still here\n\n');
    const [head, data = ''] = toServerSentEvents(problem).toString().split('\ndata: ');
    expect([head, JSON.parse(data)]).toMatchObject([
      'event: problem',
      { code: 'unauthenticated', detail: 'It was revoked.', mend: expect.any(String) },
    ]);
  });
});

describe('as texts of a WebSocket', () => {
  it('each event is one, and so is everything else but the sign of life', () => {
    expect(toSocketTexts(events).map((text) => JSON.parse(text) as unknown)).toEqual(
      LINES.map((line) => ({ type: 'log', log: JSON.parse(line) as unknown })),
    );
    expect(toSocketTexts({ kind: 'dropped', count: 5 })).toEqual(['{"type":"dropped","dropped":5}']);
    expect(toSocketTexts({ kind: 'heartbeat' })).toEqual([]);
    expect(JSON.parse(toSocketTexts(problem)[0] ?? '')).toMatchObject({
      type: 'problem',
      problem: { code: 'unauthenticated' },
    });
  });
});
