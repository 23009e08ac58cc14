import { z } from 'zod';
import { queryNumber } from '../requests/rule.js';
import { MAX_CURSOR } from './cursor-text.js';
import { filtersOf, selectionQueryShape } from './selection-query.schema.js';
import { selectionShape } from './selection.schema.js';
import { statsShape } from './shown-stats.js';

/** Most events that one page holds. */
export const MAX_LIMIT = 10_000;
const DEFAULT_LIMIT = 100;

const pageShape = {
  sort: z.enum(['desc', 'asc']).default('desc').describe('By timestamp: newest or oldest first.'),
  cursor: z
    .string()
    .min(1)
    .max(MAX_CURSOR)
    .optional()
    .describe(
      'The `next_cursor` of the page before, with the same search beside it: the page after. Pages neither repeat nor leave out what was there at the first, while more arrives.',
    ),
  from: z
    .enum(['documents'])
    .optional()
    .describe(
      'Asks MongoDB, of streams that are stored in `both`: the answer is 503 `copy_behind` while their copy lacks something of it.',
    ),
  total: z
    .enum(['bounded', 'exact'])
    .default('bounded')
    .describe(
      '`bounded` counts as far as it is cheap and says so in `total_is_exact`; `exact` counts to the end, which may take long.',
    ),
};

/** What to search for, and how much of it to show. */
export const logsRequestSchema = z
  .strictObject({
    ...selectionShape,
    ...pageShape,
    limit: z.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  })
  .meta({
    examples: [
      { start_time: 'now-1h', level: ['error', 'fatal'], search: 'timeout', limit: 20 },
      {
        start_time: 'now-7d',
        query: 'status:[500 TO 599] AND NOT host:web-1',
        filters: { region: 'eu-west-1' },
      },
    ],
  });
export type LogsRequest = z.infer<typeof logsRequestSchema>;

/** The same as query parameters. */
export const logsQuerySchema = z
  .strictObject({
    ...selectionQueryShape,
    ...pageShape,
    limit: queryNumber(DEFAULT_LIMIT, MAX_LIMIT).describe('Most events in the page.'),
  })
  .transform(({ filter, ...request }) => ({ ...request, ...(filter && { filters: filtersOf(filter) }) }));
export type LogsQuery = z.infer<typeof logsQuerySchema>;

const storedEventSchema = z
  .looseObject({
    event_id: z.string(),
    stream: z.string(),
    source: z.string(),
    timestamp: z.string(),
    observed_timestamp: z.string(),
    event_type: z.string(),
  })
  .describe('Built-in and declared fields at the top, all others under `attributes`.');

const statsSchema = z.object({
  ...statsShape,
  scanned: z
    .object({ streams: z.array(z.string()), from: z.string(), to: z.string() })
    .describe('The streams and the time that were looked through for the events of this page.'),
});

/** A page of found events. */
export const logsPageSchema = z.object({
  total: z.number().describe('Events that match in all; on later pages, as counted for the first.'),
  total_is_exact: z.boolean().describe('False: there are at least `total`.'),
  logs: z.array(storedEventSchema),
  next_cursor: z.string().nullable().describe('Null where nothing follows.'),
  stats: statsSchema,
});

/** One found event. */
export const logSchema = storedEventSchema;

const MAX_AROUND = 1_000;
const around = z.coerce.number().int().min(0).max(MAX_AROUND).default(10);

/** Which events around one to show. */
export const contextRequestSchema = z.strictObject({
  before: around.describe('How many events before it.'),
  after: around.describe('How many events after it.'),
  same: z
    .string()
    .max(1_000)
    .transform((text) => text.split(',').filter((field) => field !== ''))
    .pipe(z.array(z.string().max(256)).max(10))
    .optional()
    .describe('Fields, with commas between, that must be as in the event: `service,host`.'),
});
export type ContextRequest = z.infer<typeof contextRequestSchema>;

/** An event between those around it in its stream, all in order of time. */
export const contextSchema = z.object({
  before: z.array(storedEventSchema).describe('Oldest first: the last stands right before the event.'),
  event: storedEventSchema,
  after: z.array(storedEventSchema),
});
