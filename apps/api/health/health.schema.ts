import { z } from 'zod';

/** What a probe is answered. */
export const healthSchema = z.object({
  status: z.enum(['up', 'degraded', 'down']).describe('`degraded`: events are taken, something else is out.'),
  details: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Of each part; for keys with `metrics` or `system`.'),
});
