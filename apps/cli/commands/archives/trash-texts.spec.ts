import { expect, it } from 'vitest';
import { describeEmptied, describeTrash, describeUndeleted } from './trash-texts.js';

const DAY = {
  ...{ stream: 'web', day: '2025-06-01', generation: 0, events: 12, bytes: 4096, plan: 'p-1' },
  ...{ deleted_at: '2026-11-20T02:00:00.000Z', gone_at: '2026-11-21T02:00:00.000Z' },
};
const ALL = { units: 3, events: 20, bytes: 6144 };

it('deleted days have a line each, until when they can be brought back, and late ones say so', () => {
  const text = describeTrash({ ...ALL, days: [DAY, { ...DAY, generation: 2 }] });
  expect(text).toMatch(/^web +2025-06-01 +12 +4\.00 KiB +2026-11-20T02:00:00 +2026-11-21T02:00:00 +p-1$/m);
  expect(text).toContain('2025-06-01 late 2');
  expect(text).toContain('and 1 day more');
});

it('what the store keeps is told with why, safe for a terminal', () => {
  const locked = [{ stream: 'web', day: '2025-06-03', why: 'locked\u001b until 2030' }];
  const text = describeTrash({ ...ALL, days: [DAY], locked });
  expect(text).toMatch(/^Kept by its store: web 2025-06-03: locked.* until 2030$/m);
  expect(text).not.toContain('\u001b');
});

it('what came back is told with what becomes of it, and what goes with its job, safe for a terminal', () => {
  const back = { ...ALL, stream: 'web\u001b[2J', oldest_day: '2025-06-01', newest_day: '2025-06-02' };
  expect(describeUndeleted(back)).toMatch(
    /^3 days with 20 events \(6\.00 KiB\) of web.* are back, from 2025-06-01 to 2025-06-02\. .*deleted again/,
  );
  expect(describeUndeleted(back)).not.toContain('\u001b');
  expect(describeEmptied({ ...ALL, job: 'of-acme' })).toBe(
    '3 days with 20 events (6.00 KiB) go for good, but what a hold keeps: job of-acme.\n',
  );
});
