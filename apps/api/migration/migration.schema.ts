import { z } from 'zod';

const count = z.number();

export const migrationSchema = z.object({
  state: z
    .enum(['none', 'catalogue', 'history', 'moved', 'confirmed', 'backed_out'])
    .describe(
      '`none`: nothing was moved into this appliance. `history`: days are on their way. `moved`: all is there, and `alluvium migrate` waits for its `confirm`.',
    ),
  began_at: z.string().optional(),
  switched_at: z.string().optional().describe('Since when this appliance takes events.'),
  moved_at: z.string().optional(),
  ended_at: z.string().optional().describe('When it was confirmed, or backed out.'),
  days: z.object({ total: count, arrived: count }).describe('Of tables of the old appliance.'),
  events: z.object({ total: count, arrived: count }),
  refused_events: count.describe('Events that were refused before, in quarantine here since the switch.'),
  awaited: z
    .array(
      z.object({
        tenant: z.string(),
        stream: z.string(),
        days: count,
        events: count,
        oldest: z.string(),
        newest: z
          .string()
          .describe('Questions about a time up to this one are answered 503 `history_on_its_way`.'),
      }),
    )
    .describe('What is not there yet, by stream.'),
});

export type ShownMigration = z.infer<typeof migrationSchema>;
