import { z } from 'zod';

/** A job as its tenant sees it. */
export const jobSchema = z.object({
  id: z.string(),
  kind: z.string().describe('Such as `quarantine.move`.'),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  progress: z.number().describe('From 0 to 1, of the run under way or the last one.'),
  note: z.string().optional().describe('How far it is, in words.'),
  error: z.string().optional().describe('Why the last run failed; while it waits, it is tried again.'),
  attempt: z.number().describe('Runs so far.'),
  added_at: z.string(),
  started_at: z.string().optional(),
  ended_at: z.string().optional(),
});

export type ShownJob = z.infer<typeof jobSchema>;
