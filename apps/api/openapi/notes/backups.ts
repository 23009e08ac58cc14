import type { OperationNotes } from './operation-note.js';
import { SAMPLE } from './sample-values.js';

const RUN = { id: SAMPLE.jobId, state: 'done', progress: 1, note: 'The backup is made and was read back.' };

/** Notes on backups. */
export const BACKUP_NOTES: OperationNotes = {
  Backups_list: {
    answers: {
      200: {
        target: '/backups',
        runs: [RUN],
        backups: [
          {
            ...{ id: '20261120t081530123z-5f0e6a52', began_at: '2026-11-20T08:15:30.123Z' },
            ...{ ended_at: '2026-11-20T08:15:41.004Z', written_by: 'alluvium 0.1.0', key_id: null },
            ...{ files: 1_204, bytes: 5_368_709_120, new_bytes: 33_554_432, rest_ms: 210 },
            not_held: ['Settings of the environment, and the files that they name.'],
          },
        ],
        unreadable: [],
      },
    },
    problems: ['backup_place_trouble'],
  },
  Backups_order: {
    answers: { 202: { job: SAMPLE.jobId } },
    problems: ['backup_not_set', 'backup_not_whole', 'backup_running'],
  },
  Backups_run: { answers: { 200: RUN }, problems: ['job_not_found'] },
};
