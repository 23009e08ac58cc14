import { z } from 'zod';

const day = z.string().describe('YYYY-MM-DD, UTC.');
const counts = { files: z.number(), events: z.number(), bytes: z.number() };

export const compactionSchema = z.object({
  ...counts,
  days: z
    .array(
      z.object({
        ...{ stream: z.string(), day, ...counts },
        held: z.boolean().describe('A hold keeps it: its files stay as they are.'),
      }),
    )
    .describe(
      'Whose small files the next job merges: the first 1,000, by stream and day; the figures above are of all.',
    ),
  replaced: z
    .object({
      ...counts,
      gone_at: z
        .string()
        .optional()
        .describe('When the first of them are deleted, unless a hold keeps them.'),
    })
    .describe(
      'Files whose events a merged one has, and that are still there for questions that began before.',
    ),
});
export type ShownCompaction = z.infer<typeof compactionSchema>;

export const begunCompactionSchema = z.object({
  ...counts,
  job: z.string().describe('See GET /api/v1/jobs/{job} for what came of it.'),
});
export type BegunCompaction = z.infer<typeof begunCompactionSchema>;
