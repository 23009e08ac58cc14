import type { OperationNotes } from './operation-note.js';

/** Notes on a move into this appliance. */
export const MIGRATION_NOTES: OperationNotes = {
  Migration_read: {
    answers: {
      200: {
        state: 'history',
        began_at: '2026-11-20T08:15:30.123Z',
        switched_at: '2026-11-20T08:15:32.456Z',
        days: { total: 40, arrived: 38 },
        events: { total: 5_000_000, arrived: 4_750_000 },
        refused_events: 17,
        awaited: [
          {
            ...{ tenant: 'default', stream: 'web', days: 2, events: 250_000 },
            ...{ oldest: '2026-11-01T00:00:00.120000000Z', newest: '2026-11-02T23:59:59.870000000Z' },
          },
        ],
      },
    },
  },
};
