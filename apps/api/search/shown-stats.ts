import { z } from 'zod';
import type { SearchStats } from '#plugin-kit';

/** What an answer took. */
export const statsShape = {
  rows_read: z.number().describe('Rows that the engine looked at.'),
  bytes_read: z.number(),
  elapsed_ms: z.number(),
  archives: z
    .object({ units: z.number(), events: z.number(), bytes: z.number() })
    .optional()
    .describe('Archived days within the time range; absent where none is.'),
};

/** Stats in the words of the API. */
export function shownStats({ rowsRead, bytesRead, elapsedMs, archives }: SearchStats) {
  return {
    ...{ rows_read: rowsRead, bytes_read: bytesRead, elapsed_ms: elapsedMs },
    ...(archives && { archives }),
  };
}
