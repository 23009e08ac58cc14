import { z } from 'zod';
import { point, streamName } from '../requests/rule.js';
import { selectionShape } from './selection.schema.js';

const MAX_VALUES = 100;
const FILTER = /^([^:]+):(.*)$/s;

/** A parameter that may be repeated; each of its values may hold several. */
export function list<T extends z.ZodType<unknown, string>>(one: T, about: string | undefined) {
  return z
    .union([z.string(), z.array(z.string())])
    .transform((given) => [given].flat().flatMap((text) => text.split(',')))
    .pipe(z.array(one).min(1).max(MAX_VALUES))
    .optional()
    .describe(`Repeated, or with commas between. ${about ?? ''}`.trim());
}

const pair = z.string().refine((text) => FILTER.test(text), {
  error: 'is no pair of field and value',
  params: { mend: 'Send field:value, such as status:500.' },
});

const pairs = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => [given].flat())
  .pipe(z.array(pair).max(MAX_VALUES))
  .optional()
  .describe('`field:value`, repeated; values of the same field are joined by "or", fields by "and".');

/** A selection as query parameters. */
export const selectionQueryShape = {
  start_time: point.optional().describe(selectionShape.start_time.description ?? ''),
  end_time: point.optional().describe(selectionShape.end_time.description ?? ''),
  stream: list(streamName, selectionShape.stream.description),
  level: list(z.string().min(1).max(64), selectionShape.level.description),
  service: list(z.string().max(10_000), undefined),
  search: selectionShape.search,
  query: selectionShape.query,
  filter: pairs,
  confirm_archive_scan: z
    .stringbool()
    .optional()
    .describe(selectionShape.confirm_archive_scan.description ?? ''),
};

/** `field:value` pairs as the `filters` of a body: the values of each field together. */
export function filtersOf(given: readonly string[]): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const text of given) {
    const [, field = '', value = ''] = FILTER.exec(text) ?? [];
    values.set(field, [...(values.get(field) ?? []), value]);
  }
  return Object.fromEntries(values);
}
