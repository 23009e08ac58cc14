import { expect, it } from 'vitest';
import { Tally } from './tally.js';

function tallyAt(totalBytes: number | undefined): {
  readonly tally: Tally;
  readonly pass: (ms: number) => void;
} {
  let now = 0;
  const tally = new Tally(totalBytes, () => now);
  tally.name = 'a\u001b.ndjson';
  return { tally, pass: (ms) => (now += ms) };
}

it('shows the share, the rate and the time left', () => {
  const { tally, pass } = tallyAt(1_000);
  pass(2_000);
  Object.assign(tally, { events: 500, bytes: 4_096, bytesOfFilesBefore: 100, bytesOfFile: 150 });
  expect(tally.render()).toBe(
    'a\\x1b.ndjson  [#####---------------] 25%  500 events  250/s  2.00 KiB/s  0:06 left',
  );
  tally.bytesSentBefore = 200;
  expect(tally.render()).toMatch(/ {2}0:30 left$/);
  tally.waiting = 'busy\n';
  expect(tally.render()).toMatch(/ {2}busy\\n$/);
});

it('shows the time that passed where the end is not known', () => {
  const { tally, pass } = tallyAt(undefined);
  pass(61_000);
  expect(tally.render()).toBe('a\\x1b.ndjson  0 events  0/s  0 B/s  1:01');
});

it('stops the clock at the end', () => {
  const { tally, pass } = tallyAt(undefined);
  pass(1_000);
  tally.end();
  pass(1_000);
  tally.end();
  expect(tally.elapsedMs).toBe(1_000);
});
