import { z } from 'zod';
import { filtersOf, selectionQueryShape } from '../search/selection-query.schema.js';

/** Longest that a tail with an end may last: seconds. */
const MAX_SECONDS = 86_400;
const { stream, level, service, search, query, filter } = selectionQueryShape;

/** Which events to follow: the conditions of a search, without its times. */
export const tailRequestSchema = z
  .strictObject({
    ...{ stream, level, service, search, query, filter },
    seconds: z.coerce
      .number()
      .int()
      .min(1)
      .max(MAX_SECONDS)
      .optional()
      .describe('After so many seconds the answer ends. Default: when the client leaves.'),
  })
  .transform(({ filter: pairs, ...request }) => ({
    ...request,
    ...(pairs && { filters: filtersOf(pairs) }),
  }));

export type TailRequest = z.infer<typeof tailRequestSchema>;
