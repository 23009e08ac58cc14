import { z } from 'zod';
import { filtersOf, list, selectionQueryShape } from '../search/selection-query.schema.js';
import { exportRequestSchema } from './export-request.schema.js';

const { shape } = exportRequestSchema;

/** The request of an export as query parameters. */
export const exportQuerySchema = z
  .strictObject({
    ...selectionQueryShape,
    format: shape.format,
    compression: shape.compression,
    sort: shape.sort,
    fields: list(z.string().min(1).max(256), shape.fields.description),
    csv_safe: z
      .enum(['true', 'false'])
      .default('true')
      .transform((text) => text === 'true')
      .describe(shape.csv_safe.description ?? ''),
    cursor: shape.cursor,
  })
  .transform(({ filter, ...request }) => ({ ...request, ...(filter && { filters: filtersOf(filter) }) }));
