import { z } from 'zod';
import { point, streamName } from '../requests/rule.js';
import { exportRequestSchema } from './export-request.schema.js';

const MAX_VALUES = 100;
const ONE_OR_MANY = 'Repeated, or with commas between.';
const FILTER = /^([^:]+):(.*)$/s;
const { shape } = exportRequestSchema;

/** A parameter that may be repeated; each of its values may hold several. */
function list<T extends z.ZodType<unknown, string>>(one: T) {
  return z
    .union([z.string(), z.array(z.string())])
    .transform((given) => [given].flat().flatMap((text) => text.split(',')))
    .pipe(z.array(one).min(1).max(MAX_VALUES))
    .optional()
    .describe(ONE_OR_MANY);
}

const filterPairs = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => [given].flat())
  .pipe(z.array(z.string().regex(FILTER, { error: 'is no pair of field and value' })).max(MAX_VALUES))
  .optional()
  .describe('`field:value`, repeated; values of the same field are joined by "or".');

/** The request of an export as query parameters. */
export const exportQuerySchema = z
  .strictObject({
    start_time: point.optional().describe(shape.start_time.description ?? ''),
    end_time: point.optional().describe(shape.end_time.description ?? ''),
    stream: list(streamName),
    level: list(z.string().min(1).max(64)),
    service: list(z.string().max(10_000)),
    search: shape.search,
    query: shape.query,
    filter: filterPairs,
    format: shape.format,
    compression: shape.compression,
    sort: shape.sort,
    fields: list(z.string().min(1).max(256)),
    csv_safe: z
      .enum(['true', 'false'])
      .default('true')
      .transform((text) => text === 'true')
      .describe(shape.csv_safe.description ?? ''),
    cursor: shape.cursor,
  })
  .transform(({ filter, ...request }) => ({ ...request, ...(filter && { filters: filtersOf(filter) }) }));

function filtersOf(pairs: readonly string[]): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const pair of pairs) {
    const [, field = '', value = ''] = FILTER.exec(pair) ?? [];
    values.set(field, [...(values.get(field) ?? []), value]);
  }
  return Object.fromEntries(values);
}
