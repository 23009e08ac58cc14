import { z } from 'zod';
import { invalidRequest } from '../requests/invalid-request.js';

/** What the query string of a request with events may hold. */
const ingestQuerySchema = z.strictObject({
  parser: z.string().min(1).max(64).optional(),
  strict: z
    .enum(['true', 'false'])
    .default('false')
    .transform((word) => word === 'true'),
});

export type IngestQuery = z.infer<typeof ingestQuerySchema>;

const NOTHING: IngestQuery = ingestQuerySchema.parse({});

/**
 * Reads a query string. Nearly all are empty, and the framework's check of one costs more than all else that is done for
 * a small request.
 *
 * @throws Problem `invalid_request`
 */
export function readIngestQuery(query: unknown): IngestQuery {
  if (typeof query === 'object' && query !== null && Object.keys(query).length === 0) return NOTHING;
  const read = ingestQuerySchema.safeParse(query);
  if (read.success) return read.data;
  throw invalidRequest(read.error.issues);
}
