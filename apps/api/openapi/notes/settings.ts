import type { OperationNotes } from './operation-note.js';
import { SAMPLE } from './sample-values.js';

const SETTINGS = {
  version: 1,
  settings: [
    {
      name: 'log_level',
      env: 'ALLUVIUM_LOG_LEVEL',
      kind: 'run-time',
      value: 'debug',
      default: 'info',
      source: 'api',
      expected: 'one of trace, debug, info, warn, error, fatal',
      description: 'The least level of the log lines that the server itself writes.',
    },
  ],
  changes: [
    {
      version: 1,
      changed_at: SAMPLE.time,
      key_id: SAMPLE.keyId,
      key_name: 'admin',
      patch: { log_level: 'debug' },
    },
  ],
};

/** Notes on settings. */
export const SETTINGS_NOTES: OperationNotes = {
  Settings_list: { answers: { 200: SETTINGS } },
  Settings_change: {
    request: { log_level: 'debug', search_timeout_ms: 60_000, flush_bytes: null },
    answers: { 200: SETTINGS },
    problems: ['settings_invalid', 'settings_conflict'],
  },
};
