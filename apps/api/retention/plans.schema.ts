import { z } from 'zod';
import { streamName } from '../requests/rule.js';
import { policyRequestSchema } from './policies.schema.js';
import {
  clockSchema,
  countSchema,
  figuresSchema,
  heldUnitSchema,
  leavingUnitSchema,
  lockDaysSchema,
  planAuthorSchema,
} from './retention-figures.schema.js';

const MAX_STREAMS = 1_000;
const MAX_PROPOSED = 1_000;

/** What a plan is to be made of. */
export const planRequestSchema = z.strictObject({
  policies: z
    .record(z.string().max(100), policyRequestSchema.nullable())
    .refine((all) => Object.keys(all).length <= MAX_PROPOSED, {
      error: 'has too many policies',
      params: { mend: `Send at most ${MAX_PROPOSED}.` },
    })
    .optional()
    .describe(
      'Policies that are not saved yet, by what they are for; `null` takes one away. They are saved when the plan is applied.',
    ),
  streams: z
    .array(streamName)
    .min(1)
    .max(MAX_STREAMS)
    .optional()
    .describe('Only these streams. Default: all of the tenant.'),
});
export type PlanRequestBody = z.infer<typeof planRequestSchema>;

const tierPlan = z.object({
  tier: z.string(),
  before: figuresSchema,
  leaves: figuresSchema.describe('What goes when the plan is applied.'),
  held: figuresSchema.describe('What would go, and a hold keeps.'),
  after: countSchema,
});

export const planSchema = z.object({
  id: z.string(),
  made_at: z.string(),
  expires_at: z.string().describe('It may be applied until then.'),
  made_by: planAuthorSchema,
  clock: clockSchema,
  policies_version: z.number().describe('The plan is refused (`plan_stale`) once the policies have another.'),
  saves_policies: z.boolean().describe('Whether it saves the policies that were proposed.'),
  totals: z.object({
    leaves: countSchema.describe('What is deleted: no tier has it then.'),
    evicts: countSchema.describe('What the archive answers for already, and whose copy in `search` goes.'),
    moves: countSchema.describe('What only the archive answers for from then on.'),
    held: countSchema,
    copies: countSchema.describe('What is copied into the archive.'),
    storage_before: z.number().describe('Bytes of disk of these streams.'),
    storage_after: z.number(),
    cost: z
      .object({
        currency: z.string(),
        per_month_before: z.number(),
        per_month_after: z.number(),
        unpriced_tiers: z.array(z.string()).describe('Tiers without a price, which count as free.'),
      })
      .optional()
      .describe(
        'What these streams cost a month by `retention_prices`, before the plan and when all of it is done, what moves having left `search`; absent where there are none. A copy that is yet to be made counts as large, by its events, as those of its stream, or as in `search`.',
      ),
  }),
  streams: z.array(
    z.object({
      stream: z.string(),
      event_type: z.string(),
      policy: z.string(),
      keep: z.string(),
      lock_days: lockDaysSchema,
      tiers: z.array(tierPlan),
    }),
  ),
  leaving: z
    .array(leavingUnitSchema)
    .describe('Exactly what goes out of `search`, the oldest first; at most 2,000 days.'),
  expiring: z
    .array(leavingUnitSchema)
    .describe('What only the archive has and is deleted there; at most 2,000 days.'),
  moving: z
    .array(leavingUnitSchema)
    .describe(
      'What the archive answers for from then on, its copy made before; at most 2,000 days. The copy in `search` goes when `archive.grace_hours` are over.',
    ),
  held: z.array(heldUnitSchema),
  copying: z
    .array(leavingUnitSchema)
    .describe(
      'What is copied into the archive, the oldest first; at most 2,000 days. It stays where it is, too.',
    ),
  left_for_later: z.number().describe('Days beyond these 2,000: plan again when it was applied.'),
});
export type ShownPlan = z.infer<typeof planSchema>;

export const applyRequestSchema = z.strictObject({
  plan: z
    .string()
    .refine((id) => /^[\w-]{1,100}$/.test(id), {
      error: 'is no id of a plan',
      params: { mend: 'Send the id that POST /api/v1/retention/plan answered.' },
    })
    .describe('Id of the plan.'),
  accept_clock: z
    .literal(true)
    .optional()
    .describe(
      "Says that the machine's clock is right, where it is doubted: see the status. For all tenants, so the key needs the scope `system`.",
    ),
});
export type ApplyRequest = z.infer<typeof applyRequestSchema>;

export const appliedSchema = z.object({
  job: z.string().describe('See /api/v1/jobs/{job}, and /api/v1/retention/runs/{run} with the same id.'),
  planned: countSchema,
});
export type ShownApplied = z.infer<typeof appliedSchema>;
