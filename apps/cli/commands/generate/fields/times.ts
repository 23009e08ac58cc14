import { z } from 'zod';
import type { FieldKind } from './field-scope.js';
import { DURATION_EXPECTED, parseDuration } from './duration.js';
import { kindOf } from './parameters.js';

const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms === undefined) context.addIssue({ code: 'custom', message: `expected ${DURATION_EXPECTED}` });
  return ms ?? 0;
});

const FORMATS = {
  rfc3339: (ms: number): unknown => new Date(ms).toISOString(),
  epoch_ms: (ms: number): unknown => Math.floor(ms),
  epoch_s: (ms: number): unknown => Math.floor(ms / 1_000),
} as const;

/** The event's time, less what it was on its way, and a little earlier or later as clocks are. */
const timestamp = kindOf(
  { name: 'timestamp', example: '{ timestamp: { jitter: 2s } }' },
  z.strictObject({
    jitter: duration.default(0),
    late: duration.default(0),
    format: z.enum(['rfc3339', 'epoch_ms', 'epoch_s']).default('rfc3339'),
  }),
  ({ jitter, late, format }) => {
    const write = FORMATS[format];
    return ({ random, timeMs }) => write(timeMs - late + (2 * random.next() - 1) * jitter);
  },
);

/** The kinds of fields that draw times. */
export const timeKinds: readonly FieldKind[] = [timestamp];
