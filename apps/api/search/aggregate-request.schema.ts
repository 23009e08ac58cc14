import { z } from 'zod';
import { MAX_BUCKETS } from '#plugin-kit';
import { selectionShape } from './selection.schema.js';
import { statsShape } from './shown-stats.js';

/** Most groups of one answer. */
export const MAX_GROUPS = 10_000;
const DEFAULT_GROUPS = 10;
const MAX_METRICS = 20;
const MAX_GROUP_FIELDS = 8;
const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const INTERVAL = /^([1-9]\d{0,5})([smhd])$/;

const fieldName = z.string().min(1).max(256);
const name = z
  .string()
  .min(1)
  .max(128)
  .optional()
  .describe('Under what the answer has it. Default: the function, with its field: `avg_latency_ms`.');

const metricSchema = z.discriminatedUnion('function', [
  z
    .strictObject({ function: z.literal('count'), name, field: fieldName.optional() })
    .describe('Events; with `field`: events that have it.'),
  ...(['sum', 'avg', 'min', 'max'] as const).map((each) =>
    z
      .strictObject({ function: z.literal(each), name, field: fieldName })
      .describe(each === 'sum' || each === 'avg' ? 'Of numbers.' : 'Of numbers, or of `timestamp`.'),
  ),
  z
    .strictObject({
      function: z.literal('unique'),
      name,
      field: fieldName,
      exact: z.boolean().default(false).describe('Exact at any price; else within 2 %, and marked so.'),
    })
    .describe('Distinct values.'),
  z
    .strictObject({
      function: z.literal('percentile'),
      name,
      field: fieldName,
      percentile: z.number().gt(0).lt(100),
    })
    .describe('Of numbers, from a sketch of bounded size; marked as approximate.'),
]);

/** Seconds of an interval such as `5m`; undefined where it is none. */
export function intervalSeconds(text: string): number | undefined {
  const match = INTERVAL.exec(text);
  return match ? Number(match[1]) * (UNIT_SECONDS[match[2] ?? ''] ?? 1) : undefined;
}

/** What to compute over the selected events. */
export const aggregateRequestSchema = z
  .strictObject({
    ...selectionShape,
    metrics: z
      .array(metricSchema)
      .min(1)
      .max(MAX_METRICS)
      .default([{ function: 'count' }])
      .describe('What to compute of each bucket.'),
    group_by: z
      .array(fieldName)
      .max(MAX_GROUP_FIELDS)
      .default([])
      .describe("A bucket for each combination of these fields' values; an absent field is null."),
    interval: z
      .string()
      .refine((text) => intervalSeconds(text) !== undefined, {
        error: 'is no interval',
        params: { mend: 'Send a whole number and a unit of s, m, h or d, such as 5m.' },
      })
      .optional()
      .describe('A bucket for each interval, such as `1m`, `5m`, `1h`, `1d`; aligned to the epoch in UTC.'),
    fill: z
      .boolean()
      .default(false)
      .describe('With `interval`: also buckets of intervals without events, for each group of the answer.'),
    limit: z
      .number()
      .int()
      .min(1)
      .max(MAX_GROUPS)
      .default(DEFAULT_GROUPS)
      .describe(
        'Most groups: the first by order_by over the whole time range, also where there is an interval.',
      ),
    order_by: z
      .string()
      .max(512)
      .optional()
      .describe('Name of the metric that ranks groups. Default: the first.'),
    order: z.enum(['desc', 'asc']).default('desc'),
  })
  .meta({
    examples: [
      {
        start_time: 'now-24h',
        metrics: [
          { function: 'count' },
          { function: 'percentile', field: 'latency_ms', percentile: 99, name: 'p99' },
        ],
        group_by: ['service'],
        interval: '5m',
      },
    ],
  });

export type AggregateRequest = z.infer<typeof aggregateRequestSchema>;
export type MetricRequest = AggregateRequest['metrics'][number];

const value = z.union([z.number(), z.string(), z.null()]);

/** What was computed. */
export const aggregateAnswerSchema = z
  .object({
    buckets: z
      .array(
        z.object({
          time: z
            .string()
            .optional()
            .describe(
              'Start of the interval. The first and the last bucket count only what lies in the time range, which may begin and end inside them.',
            ),
          group: z.record(z.string(), z.unknown()).describe('Value of each field of group_by; null: absent.'),
          metrics: z
            .record(z.string(), value)
            .describe('Null where no event of the bucket has a value. Integers beyond 2^53 are strings.'),
        }),
      )
      .max(MAX_BUCKETS)
      .describe('By time, then by the rank of their group.'),
    is_exact: z.boolean(),
    approximations: z.array(z.string()).describe('Names of the metrics that are not exact.'),
    source: z
      .enum(['events', 'roll_up'])
      .describe('What the answer was made from; roll-ups are taken only where they are exact.'),
    stats: z.object(statsShape),
  })
  .meta({
    examples: [
      {
        buckets: [
          {
            time: '2026-11-20T08:15:00.000000000Z',
            group: { service: 'checkout' },
            metrics: { count: 512, p99: 231.5 },
          },
        ],
        is_exact: false,
        approximations: ['p99'],
        source: 'events',
        stats: { rows_read: 120_000, bytes_read: 2_400_000, elapsed_ms: 12.5 },
      },
    ],
  });
