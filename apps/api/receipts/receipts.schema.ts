import { z } from 'zod';

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const refusedRow = z.object({
  index: count.describe('Zero-based line of the request, blank lines not counted.'),
  code: z.string().describe('Stable reason, such as `not_json`, `missing:user_id`, `range:timestamp`.'),
  field: z.string().optional().describe('The field at fault.'),
  mend: z.string().describe('What to do.'),
});

/** What became of a request's events, as the API shows it; the five counts add up to `accepted`. */
export const verdictsSchema = z.object({
  accepted: count,
  stored: count,
  quarantined: count,
  deduplicated: count,
  dropped: count,
  dropped_by: z
    .record(z.string(), count)
    .optional()
    .describe('The dropped ones by the policy that left them out; absent where there are none.'),
  pending: count,
  refused: z.array(refusedRow).describe('The first 100 quarantined events.'),
});

/** A durable acceptance. */
export const acceptanceSchema = z.object({
  receipt: z.string().describe('Ask `/api/v1/receipts/{receipt}` what became of the events.'),
  accepted: count.describe('Events that are durable now.'),
});
