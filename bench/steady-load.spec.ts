import { describe, expect, it } from 'vitest';
import { summarise, type SteadyRequest } from './steady-load.js';

const request = (dueMs: number, answeredMs: number, ...tries: SteadyRequest['tries']): SteadyRequest => ({
  dueMs,
  answeredMs,
  isKeyed: false,
  tries,
});

describe('the summary of a steady load', () => {
  const done = [
    request(0, 10, 202),
    request(100, 110, 202),
    request(200, 1_300, 503, 202),
    request(300, 5_300, 'ECONNRESET', 503),
    request(400, 410, 202),
  ];

  it('tells first tries from those that came through later, and from those that never did', () => {
    const { requests, firstTry, afterRetry } = summarise(done);
    expect({ requests, firstTry, afterRetry }).toEqual({ requests: 5, firstTry: 60, afterRetry: 80 });
  });

  it('has the longest time without an answer, the slowest request, and why tries failed', () => {
    const { longestGapMs, slowestMs, refusals } = summarise(done);
    expect({ longestGapMs, slowestMs }).toEqual({ longestGapMs: 890, slowestMs: 1_100 });
    expect(refusals).toEqual({ '503': 2, ECONNRESET: 1 });
  });

  it('counts what was due in the time alone', () => {
    expect(summarise(done, 100, 300)).toMatchObject({ requests: 2, firstTry: 50, afterRetry: 100 });
  });
});
