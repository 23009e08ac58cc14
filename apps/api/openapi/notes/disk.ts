import type { OperationNotes } from './operation-note.js';

/** Notes on the disk. */
export const DISK_NOTES: OperationNotes = {
  Disk_read: {
    answers: {
      200: {
        path: '/data',
        parts: [
          { name: 'log', bytes: 33_554_432, files: 2 },
          { name: 'tier', bytes: 5_368_709_120, files: 1_204 },
          { name: 'catalogue', bytes: 1_048_576, files: 2 },
          { name: 'other', bytes: 0, files: 0 },
        ],
        measured_at: '2026-11-20T08:15:30.123Z',
        total_bytes: 107_374_182_400,
        free_bytes: 75_161_927_680,
        reserve_bytes: 5_368_709_120,
        low: false,
        level: 'ok',
        growth_bytes_per_day: 2_147_483_648,
        growth_observed_seconds: 86_400,
        seconds_until_full: 2_807_500,
        hours_until_full: 779.8,
        file_systems: [
          {
            places: ['data', 'log', 'tier', 'catalogue'],
            directory: '/data',
            level: 'ok',
            used_percent: 30,
            total_bytes: 107_374_182_400,
            free_bytes: 75_161_927_680,
            reserve_bytes: 5_368_709_120,
            seconds_until_full: 2_807_500,
            hours_until_full: 779.8,
          },
        ],
      },
    },
  },
};
