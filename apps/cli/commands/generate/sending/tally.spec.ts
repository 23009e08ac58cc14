import { expect, it } from 'vitest';
import { reportOf, summaryAsJson } from '../reporting/report.js';
import { makeJsonReporter, makeWordReporter } from '../reporting/reporter.js';
import { Tally } from './tally.js';

function filled(): Tally {
  const tally = new Tally();
  for (let ms = 1; ms <= 100; ms += 1) tally.acknowledge(10, 2_000, ms);
  tally.refuse('429 backlog_full');
  tally.refuse('429 backlog_full');
  return tally;
}

const facts = { seed: 'abc', askedRate: 500, skipped: 20, streams: ['web', 'logins'] };

it('tells how long acknowledgements took, within a thousandth', () => {
  const { p50, p99, max } = filled().latency();
  expect([p50, p99, max].map((ms) => Math.round(Number(ms)))).toEqual([50, 99, 100]);
  expect(new Tally().latency()).toEqual({ p50: undefined, p99: undefined, max: undefined });
});

it('takes durations of any length', () => {
  const tally = new Tally();
  tally.acknowledge(1, 1, 0);
  tally.acknowledge(1, 1, 1e12);
  expect(tally.latency().max).toBeCloseTo(3_600_000, -4);
});

it('begins anew', () => {
  const tally = filled();
  tally.reset();
  expect(tally.counts()).toEqual({ acknowledged: 0, requests: 0, bytes: 0, refused: {} });
  expect(tally.latency().p50).toBeUndefined();
});

it('is told in words: seconds for who looks on, and a summary', () => {
  let [out, progress] = ['', ''];
  const reporter = makeWordReporter(
    (text) => void (out += text),
    (text) => void (progress += text),
  );
  const report = reportOf(filled(), 2_000);
  for (let second = 0; second < 21; second += 1) reporter.progress(report, report);
  expect(progress.match(/acknowledged/g)).toHaveLength(2);
  expect(progress.split('\n')[1]).toBe(
    ' 00:02         1,000        500     50 ms     99 ms  429 backlog_full x2',
  );
  reporter.summary({ ...report, givenUp: 3, unknown: 4 }, facts);
  expect(out).toBe(
    [
      'acknowledged     1,000 events in 100 requests, 0.2 MiB, to web, logins',
      'rate             500 events/s of 500 asked for, over 00:02',
      'acknowledgement  p50 50 ms, p99 99 ms, longest 100 ms',
      'refused          429 backlog_full x2',
      'given up         3 events, never stored',
      'not known        4 events: no answer came; stored once or not at all',
      'skipped          20 events that were due and could not be sent in time',
      'seed             abc',
      '',
    ].join('\n'),
  );
});

it('says so where nothing was sent', () => {
  let out = '';
  const reporter = makeWordReporter((text) => void (out += text), undefined);
  const empty = reportOf(new Tally(), 0);
  reporter.progress(empty, empty);
  reporter.summary(empty, { ...facts, askedRate: undefined, skipped: 0, streams: [] });
  expect(out).toBe(
    'acknowledged     0 events in 0 requests, 0.0 MiB, to the default stream of the key\nrate             0 events/s, over 00:00\nacknowledgement  p50 -, p99 -, longest -\nrefused          nothing\nseed             abc\n',
  );
});

it('is told as NDJSON', () => {
  let out = '';
  const reporter = makeJsonReporter((text) => void (out += text));
  const report = reportOf(filled(), 2_000);
  reporter.progress(report, report);
  reporter.summary(report, facts);
  const [progress, summary] = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(progress).toMatchObject({
    type: 'progress',
    elapsed_ms: 2_000,
    acknowledged: 1_000,
    acknowledged_total: 1_000,
    events_per_second: 500,
    refused: { '429 backlog_full': 2 },
  });
  expect(summary).toEqual(summaryAsJson(report, facts));
  expect(summary).toMatchObject({ type: 'summary', skipped: 20, seed: 'abc', given_up: 0, unknown: 0 });
});
