import type { OperationNotes } from './operation-note.js';
import { SAMPLE } from './sample-values.js';

const REQUEST = { name: 'old-checkout', place: 'old', stream: 'checkout' };
const COUNTS = { units: 31, events: 48_211_903, bytes: 2_936_104_448 };
const FIGURES = {
  ...COUNTS,
  ...{ oldest_day: '2024-01-01', newest_day: '2024-01-31' },
};
const ATTACHED = {
  ...{ ...REQUEST, event_type: 'log', ...FIGURES },
  ...{ signed_by: ['site2'], attached_at: SAMPLE.received },
};
const PLACE_PROBLEMS = ['archive_place_unknown', 'archive_place_unreadable', 'archive_too_large'] as const;

const SPAN = { stream: 'checkout', start_time: '2024-01-10T00:00:00Z', end_time: '2024-01-12T00:00:00Z' };
const RESTORE = { ...SPAN, expires_in_days: 7 };
const RESTORED = {
  ...{ name: 'checkout-restored-20261120', stream: 'checkout', ...FIGURES, state: 'restoring' },
  ...{ begun_at: SAMPLE.received, expires_at: SAMPLE.received, job: 'default.checkout-restored-20261120' },
};
const { state: _state, begun_at: _begun, job: _job, ...RESTORE_FIGURES } = RESTORED;

const TRASHED = {
  ...{ stream: 'checkout', day: '2024-01-01', generation: 0, events: 48_211_903, bytes: 2_936_104_448 },
  ...{ plan: SAMPLE.jobId, deleted_at: SAMPLE.received, gone_at: SAMPLE.received },
};

const SMALL_FILES = { files: 4, events: 1_208, bytes: 65_536 };

/** Notes on archives. */
export const ARCHIVE_NOTES: OperationNotes = {
  Attach_estimate: {
    request: REQUEST,
    answers: {
      200: { ...REQUEST, event_type: 'log', ...FIGURES, signed_by: ['site2'], refused: [], refused_total: 0 },
    },
    problems: [...PLACE_PROBLEMS],
  },
  Attach_attach: {
    request: REQUEST,
    answers: { 201: ATTACHED },
    problems: [...PLACE_PROBLEMS, 'archive_empty', 'archive_refused', 'stream_exists', 'too_many_streams'],
  },
  Attach_list: { answers: { 200: { attached: [ATTACHED], places: ['archive', 'old'] } } },
  Attach_find: { answers: { 200: ATTACHED }, problems: ['archive_not_attached'] },
  Attach_detach: { answers: { 200: ATTACHED }, problems: ['archive_not_attached'] },
  Restore_estimate: {
    request: RESTORE,
    answers: {
      200: {
        ...RESTORE_FIGURES,
        ...{ disk_bytes_needed: 4_404_156_672, disk_bytes_free: 52_428_800_000, fits: true },
      },
    },
    problems: ['stream_unknown', 'nothing_to_restore', 'archive_unreadable'],
  },
  Restore_begin: {
    request: RESTORE,
    answers: { 202: RESTORED },
    problems: [
      ...(['stream_unknown', 'nothing_to_restore', 'archive_unreadable', 'restore_no_room'] as const),
      ...(['stream_exists', 'too_many_streams'] as const),
    ],
  },
  Restore_list: { answers: { 200: { restored: [RESTORED] } } },
  Restore_find: { answers: { 200: RESTORED }, problems: ['restore_not_found'] },
  Compaction_look: {
    answers: {
      200: {
        ...SMALL_FILES,
        days: [{ stream: 'checkout', day: '2024-01-01', ...SMALL_FILES, held: false }],
        replaced: { files: 6, events: 940, bytes: 51_200, gone_at: SAMPLE.received },
      },
    },
  },
  Compaction_begin: { answers: { 202: { ...SMALL_FILES, job: 'of-default' } } },
  Trash_list: {
    answers: { 200: { ...FIGURES, units: 1, newest_day: '2024-01-01', days: [TRASHED], locked: [] } },
  },
  Trash_undelete: {
    request: SPAN,
    answers: { 200: { stream: 'checkout', ...FIGURES } },
    problems: ['stream_unknown', 'nothing_to_undelete'],
  },
  Trash_empty: { answers: { 202: { ...COUNTS, job: 'of-default' } } },
  Restore_unload: { answers: { 202: { ...RESTORED, state: 'leaving' } }, problems: ['restore_not_found'] },
};
