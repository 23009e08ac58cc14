import { z } from 'zod';

/** What the query string of a request with events may hold. */
export const ingestQuerySchema = z.strictObject({
  parser: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('Of text/plain: the parser of its lines. Default auto, which chooses one for each line.'),
  strict: z
    .enum(['true', 'false'])
    .default('false')
    .transform((word) => word === 'true')
    .describe(
      'Check every event first, and refuse the whole request with a list where one would go to quarantine.',
    ),
});

export type IngestQuery = z.infer<typeof ingestQuerySchema>;
