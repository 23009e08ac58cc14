import { expect, it } from 'vitest';
import { describeRestored, describeRestoreEstimate } from './restore-texts.js';

const BACK = {
  ...{
    name: 'back',
    stream: 'web',
    units: 2,
    events: 12,
    bytes: 4096,
    expires_at: '2026-11-30T00:00:00.000Z',
  },
  ...{ oldest_day: '2025-06-01', newest_day: '2025-06-02' },
};

it('what is restored has a line each, with its state and its end', () => {
  expect(describeRestored([{ ...BACK, state: 'restoring', job: 'j' }])).toMatch(
    /^back +web +restoring +2 +12 +4\.00 KiB +2025-06-01 +2025-06-02 +2026-11-30T00:00:00$/m,
  );
});

it('an estimate says what room it needs, and that nothing was begun', () => {
  const estimate = { ...BACK, disk_bytes_needed: 6_144, disk_bytes_free: 1_024, fits: false };
  expect(describeRestoreEstimate(estimate)).toContain(
    'about 6.00 KiB of disk, and 1.00 KiB are free above the reserve: it has no room.\nNothing was begun.',
  );
  expect(describeRestoreEstimate({ ...estimate, fits: true })).not.toContain('no room');
});
