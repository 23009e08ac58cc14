import { z } from 'zod';
import { streamName } from '../requests/rule.js';

const keepRaw = z
  .enum(['when_needed', 'always'])
  .describe(
    '`when_needed`: the bytes of a JSON event are kept only where its columns can not give them back.',
  );

const storedIn = z
  .enum(['search', 'documents', 'both'])
  .describe(
    'Which store has its events, for life. `search`: tables, with search by word, figures and archives. `documents`: MongoDB (where `MONGODB_URI` is set), found by id, by indexed fields, by type and time. `both`: tables as in `search`, and a copy in MongoDB that follows them.',
  );

/** A stream to be made. */
export const newStreamSchema = z.strictObject({
  name: streamName,
  event_type: z.string().min(1).max(63).default('log').describe('For life; see /api/v1/event-types.'),
  keep_raw: keepRaw.default('when_needed'),
  stored_in: storedIn.default('search'),
});

export type NewStreamRequest = z.infer<typeof newStreamSchema>;

export const streamSchema = z.object({
  name: z.string(),
  event_type: z.string(),
  keep_raw: keepRaw,
  stored_in: storedIn
    .optional()
    .describe(
      '`documents` where MongoDB has its events, `both` where it has a copy of them; absent where the search tier alone has them.',
    ),
  read_only: z
    .enum(['attached', 'restoring', 'restored', 'leaving'])
    .optional()
    .describe('Where nothing can be sent to it, and only questions that name it find its events: why.'),
  created_at: z.string(),
});

export const streamListSchema = z.object({ streams: z.array(streamSchema) });

export const rollUpCheckSchema = z.object({
  ok: z.boolean(),
  days_wrong: z.array(z.number()).describe('Days (YYYYMMDD) whose roll-ups do not add up to the events.'),
});
