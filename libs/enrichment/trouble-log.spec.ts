import { expect, it } from 'vitest';
import { EnricherDataError } from '#plugin-kit';
import { troubleLog } from './trouble-log.js';

it('logs the same trouble once a minute, bad data as a warning and a failing plugin as an error', () => {
  const clock = { ms: 0 };
  const lines: string[] = [];
  const logger = { warn: () => void lines.push('warn'), error: () => void lines.push('error') };
  const troubled = troubleLog(logger, () => clock.ms);
  const id = { tenant: 'acme', kind: 'lookup', options: {} };
  const bad = new EnricherDataError([{ option: 'file', what: 'No file.', mend: 'Add it.' }]);
  for (let n = 0; n < 3; n += 1) {
    troubled(id, bad);
    troubled(id, new Error('no'));
  }
  expect(lines).toEqual(['warn', 'error']);
  clock.ms = 60_001;
  troubled(id, bad);
  troubled({ ...id, tenant: 'other' }, bad);
  expect(lines).toEqual(['warn', 'error', 'warn', 'warn']);
});
