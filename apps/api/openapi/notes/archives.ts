import type { OperationNotes } from './operation-note.js';
import { SAMPLE } from './sample-values.js';

const REQUEST = { name: 'old-checkout', place: 'old', stream: 'checkout' };
const FIGURES = {
  ...{ units: 31, events: 48_211_903, bytes: 2_936_104_448 },
  ...{ oldest_day: '2024-01-01', newest_day: '2024-01-31' },
};
const ATTACHED = {
  ...{ ...REQUEST, event_type: 'log', ...FIGURES },
  ...{ signed_by: ['site2'], attached_at: SAMPLE.received },
};
const PLACE_PROBLEMS = ['archive_place_unknown', 'archive_place_unreadable', 'archive_too_large'] as const;

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
};
