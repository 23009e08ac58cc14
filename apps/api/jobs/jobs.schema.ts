import { z } from 'zod';

const stepSchema = z.object({
  name: z.string().describe('Such as `copy`.'),
  state: z
    .enum(['waiting', 'running', 'stopped', 'done'])
    .describe('`stopped`: the job is not at work; its next run goes on there.'),
  progress: z.number().describe('From 0 to 1.'),
  note: z.string().optional().describe('What it is at, in words.'),
  waits_for: z.string().optional().describe('The step that is to end before it begins.'),
  started_at: z.string().optional(),
  duration_ms: z.number().optional().describe('Milliseconds that it took, or takes so far.'),
});

const runSchema = z.object({
  attempt: z.number(),
  outcome: z
    .enum(['done', 'failed', 'interrupted', 'cancelled'])
    .describe('`interrupted`: its process ended or stopped; the same try was made again.'),
  started_at: z.string(),
  duration_ms: z.number(),
  error: z.string().optional(),
});

/** A job as its tenant sees it. */
export const jobSchema = z.object({
  id: z.string(),
  kind: z.string().describe('Such as `quarantine.move`.'),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  progress: z.number().describe('From 0 to 1, of the run under way or the last one.'),
  note: z.string().optional().describe('How far it is, in words.'),
  waits_for: z.string().optional().describe('Of a job that waits: what for, in words.'),
  steps: z
    .array(stepSchema)
    .optional()
    .describe('What its work consists of, in the order in which it is done.'),
  history: z.array(runSchema).optional().describe('Runs that are over, the newest 20, oldest first.'),
  error: z.string().optional().describe('Why the last run failed; while it waits, it is tried again.'),
  attempt: z.number().describe('Runs so far.'),
  added_at: z.string(),
  started_at: z.string().optional(),
  ended_at: z.string().optional(),
});

export type ShownJob = z.infer<typeof jobSchema>;
