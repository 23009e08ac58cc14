import { z } from 'zod';
import { parseTime } from '#event-model';
import type { TimeSpan } from '#plugin-kit';

/** What a job to parse stored events again is given. */
export const reparsePayloadSchema = z.object({
  /** Which request it is of. */
  run: z.string(),
  tenant: z.string(),
  stream: z.string(),
  start_time: z.string(),
  end_time: z.string(),
  /** Who reads text lines; absent: who read each of them before. */
  parser: z.string().optional(),
  /** Only text lines that this parser read; empty: that none did. */
  parsed_by: z.string().optional(),
  /** Zone of times without one. */
  zone: z.string().optional(),
});

export type ReparsePayload = z.infer<typeof reparsePayloadSchema>;

/** The request's time span. */
export function spanOf({ start_time: from, end_time: to }: ReparsePayload): TimeSpan {
  return { from: parseTime(from) ?? 0n, to: parseTime(to) ?? 0n };
}
