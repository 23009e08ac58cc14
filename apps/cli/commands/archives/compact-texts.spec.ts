import { expect, it } from 'vitest';
import { describeBegun, describeCompaction } from './compact-texts.js';

const DAY = { stream: 'web', day: '2025-06-01', files: 4, events: 12, bytes: 4096, held: false };
const NONE = { files: 0, events: 0, bytes: 0 };

it('says what would be merged day by day, what a hold keeps, and what is still there', () => {
  const days = [DAY, { ...DAY, day: '2025-06-02', held: true }];
  const replaced = { files: 9, events: 30, bytes: 2048, gone_at: '2025-07-01T00:00:00.000Z' };
  const text = describeCompaction({ files: 4, events: 12, bytes: 4096, days, replaced });
  expect(text).toMatch(/web +2025-06-01 +4 +12 +4\.00 KiB/);
  expect(text).toMatch(/2025-06-02.*held/);
  expect(text).toMatch(/4 files with 12 events \(4\.00 KiB\) would be merged\./);
  expect(text).toMatch(/9 files with 30 events .* still there, the first until 2025-07-01T00:00:00\./);
});

it('says so where there is nothing', () => {
  expect(describeCompaction({ ...NONE, days: [], replaced: NONE })).toBe('Nothing is to be merged.\n');
  expect(describeBegun({ ...NONE, job: 'of-acme' })).toBe('Nothing is to be merged.\n');
  expect(describeBegun({ ...DAY, job: 'of-acme' })).toContain('are merged by day: job of-acme.');
});
