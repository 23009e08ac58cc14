import type { OperationNotes } from './operation-note.js';

const UP = { status: 'up' };

/** Notes on what probes read. */
export const PROBE_NOTES: OperationNotes = {
  Health_live: { answers: { 200: UP } },
  Health_startup: { answers: { 200: UP } },
  Health_ready: { answers: { 200: UP } },
  Metrics_read: {
    answers: {
      200: '# HELP process_start_time_seconds Start time of the process.\n# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds 1763626530\n',
    },
  },
};
